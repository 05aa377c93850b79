import { describe, expect, it } from 'vitest';
import { numpy } from '../../../src/collectors/numpy/index.ts';
import { limits } from '../../../src/core/limits.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { writeNpy } from '../../fixtures/npy-writer.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';
import { collectMembers } from '../collect-members.ts';
import { factOf, valuesOf } from '../collected.ts';
import { files } from './example.ts';

describe('numpy', () => {
  it('describes an array', async () => {
    const fact = await factOf(numpy, 'a.npy', writeNpy({ shape: [4, 3], fortranOrder: true }));
    expect(fact.about).toEqual({ kind: 'file', path: 'a.npy' });
    expect(valuesOf(fact)).toEqual({
      'mlbom:file:format': 'npy',
      'mlbom:file:format-version': '1.0',
      'mlbom:file:header': ['dtype=<f4', 'shape=4,3', 'order=Fortran'],
    });
  });

  it('lists the arrays of an archive', async () => {
    const fact = await factOf(numpy, 'x', files['numpy/arrays.npz'] ?? '');
    expect(valuesOf(fact)).toEqual({
      'mlbom:file:format': 'npz',
      'mlbom:file:header': ['arrays=2', 'a=<f4[2,3]', 'b/c=|O[1]'],
    });
  });

  it('lists so many arrays, counts the others and says so', async () => {
    const content = writeNpy({ shape: [] });
    const count = limits.npzArrays + 1;
    const members = Array.from({ length: count }, (_, i) => ({ name: `${i}.npy`, content }));
    const { facts, problems } = await numpy.collect(memoryEntry('a.npz', writeZip(members)));
    expect(facts[0]?.attributes.filter(({ name }) => name === 'mlbom:file:header')).toHaveLength(count);
    expect(problems).toMatchObject([{ code: 'npz-arrays', effect: 'incomplete' }]);
  });

  it('hands the pickle of an array of objects on', async () => {
    const pickle = Buffer.from('the pickle');
    const array = writeNpy({ descr: "'|O'", shape: [2], data: pickle });
    const { children } = await numpy.collect(memoryEntry('a.npy', array));
    const found: [string, string][] = [];
    for await (const child of children ?? []) {
      found.push([child.path, Buffer.from(await child.read({ offset: 0, length: child.size })).toString()]);
    }
    expect(found).toEqual([['a.npy!/objects.pkl', 'the pickle']]);
  });

  it.each([
    ['a string in parts', "'|' 'O'"],
    ['another name', "'object'"],
    ['a record in a string', "'u1,O'"],
    ['a key that stands twice', "'<f4', 'descr': 'O'"],
    ['an escape that is not read', String.raw`'\117'`],
    ['a field that is a string', "['aO']"],
    ['more than is read', `'O', #${' '.repeat(limits.npyHeaderBytes)}\n'shape': (1,)`],
  ])('finds a header that NumPy reads otherwise: %s', async (_, descr) => {
    const array = writeNpy({ version: 2, descr, shape: [2], data: Buffer.from('the pickle') });
    const { findings, problems, members } = await collectMembers(numpy, memoryEntry('a.npy', array));
    expect(findings.map(({ rule }) => rule)).toEqual(['MLB-NPY-001']);
    expect(problems).toMatchObject([{ effect: 'incomplete', path: 'a.npy' }]);
    expect(members).toEqual({ 'a.npy!/objects.pkl': 'the pickle' });
  });

  it('finds nothing in an array that is cut', async () => {
    const cut = writeNpy({ shape: [4] }).subarray(0, -1);
    for (const bytes of [cut, cut.subarray(0, 40)])
      await expect(numpy.collect(memoryEntry('a.npy', bytes))).rejects.toThrow('npy');
  });

  it('says that bytes follow which no header describes', async () => {
    const bytes = Buffer.concat([writeNpy(), Buffer.from('more')]);
    const { problems } = await numpy.collect(memoryEntry('a.npy', bytes));
    expect(problems).toMatchObject([{ code: 'npy-trailing', effect: 'contradiction' }]);
  });
});
