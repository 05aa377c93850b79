import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { readPickle } from '../../src/formats/pickle/read-pickle.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { sourceOf } from './generated.ts';
import { describeWith, python, pythonScript, readWith } from './peers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Mutated {
  readonly data: string;
  readonly names: readonly (readonly [module: string, name: string])[];
  readonly whole: boolean;
}

interface Read {
  readonly end: number;
  readonly names: readonly string[];
}

describeWith('torch, joblib, scikit-learn and NumPy', python('torch', 'joblib', 'sklearn'), (peer) => {
  const directory = temporaryDirectory();
  beforeAll(async () => {
    await peer.run(pythonScript('write_pickles'), directory);
  });

  test('write nothing that is flagged, and nothing that cannot be read', async () => {
    const names = readdirSync(directory);
    expect(names.length).toBeGreaterThan(30);
    const entries = names.map((name) => memoryEntry(name, readFileSync(join(directory, name))));
    const { findings, problems, facts } = await walk(entries, fileCollectors);
    // A TorchScript archive is told to hold code.
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(problems).toEqual([]);
    const models = new Set(facts.flatMap(({ about }) => (about.kind === 'weights' ? [about.path] : [])));
    const data = names.filter((name) => /^(?:plain|stacked|arrays|objects)/.test(name));
    expect(names.filter((name) => !models.has(name)).sort()).toEqual(data.sort());
  });

  test.each([0, 1, 2, 3, 4, 5])('write pickles of protocol %i that both read alike', async (protocol) => {
    const path = join(directory, `plain-${protocol}.pkl`);
    const theirs = await readWith<Read>(peer, 'read_pickle', path);
    const { end, globals, streams } = await readPickle(sourceOf(path));
    const names = globals
      .filter(({ opcode }) => opcode === 'GLOBAL')
      .map(({ module, name }) => `${module}.${name}`);
    expect([end, names.sort(), streams]).toEqual([
      theirs.end,
      theirs.names,
      [{ offset: 0, end, protocol: protocol < 2 ? 0 : protocol, whole: true }],
    ]);
  });
});

describeWith('CPython', python('pickle'), (peer) => {
  test.each(['1', '2'])(
    'imports no name that is not found, in pickles changed at random (%s)',
    async (seed) => {
      const mutated = JSON.parse(await peer.run(pythonScript('mutate_pickles'), seed)) as readonly Mutated[];
      for (const { data, names, whole } of mutated) {
        const { globals, streams } = await readPickle(memoryEntry('m.pkl', Buffer.from(data, 'hex')));
        const found = new Set(globals.map(({ module, name }) => `${module}.${name}`));
        const missed = names.map((name) => name.join('.')).filter((name) => !found.has(name));
        expect(missed, data).toEqual([]);
        if (whole) expect(streams[0]?.whole, data).toBe(true);
      }
    },
  );
});
