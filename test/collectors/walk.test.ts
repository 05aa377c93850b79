import { describe, expect, it } from 'vitest';
import { fileCollectors } from '../../src/collectors/registry.ts';
import { walk } from '../../src/collectors/walk.ts';
import { nothing, type Collected, type FileCollector } from '../../src/core/collector.ts';
import type { Entry } from '../../src/core/entry.ts';
import { MlbomError } from '../../src/core/errors.ts';
import { limits } from '../../src/core/limits.ts';
import { finding, type FindingRule } from '../../src/core/finding.ts';
import { memberEntry } from '../../src/core/member-entry.ts';
import { incomplete } from '../../src/core/problem.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { packageFact } from '../fixtures/facts.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';

function collector(id: string, collect: (entry: Entry) => Promise<Collected> | Collected): FileCollector {
  return { id, version: 1, wants: () => true, collect: async (entry) => collect(entry) };
}

const rule: FindingRule = { id: 'MLB-TST-001', severity: 'low', cwe: 1, title: 't', why: 'w', fix: 'f' };

describe('walk', () => {
  it('keeps what a collector knows of weights that it could not read', async () => {
    const { facts, problems } = await walk([memoryEntry('model.safetensors', 'cut')], fileCollectors);
    expect(facts).toMatchObject([
      { about: { kind: 'weights', path: 'model.safetensors' }, type: 'machine-learning-model' },
    ]);
    expect(problems).toMatchObject([{ effect: 'incomplete', path: 'model.safetensors' }]);
    expect(problems[0]?.reason).not.toMatch(/safetensors: safetensors/);
  });

  it('makes a problem of what one collector cannot read, and lets the others read it', async () => {
    const seen: string[] = [];
    const { problems } = await walk(
      [memoryEntry('a', ''), memoryEntry('b', '')],
      [
        collector('strict', ({ path }) => {
          if (path === 'a') throw new MlbomError('E_MALFORMED', 'no', { rule: 'a-rule' });
          throw new MlbomError('E_LIMIT', 'too large');
        }),
        collector('broken', () => {
          throw new TypeError('a bug');
        }),
        collector('other', ({ path }) => {
          seen.push(path);
          return nothing;
        }),
      ],
    );
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['a-rule', 'a'],
      ['collector-failed', 'a'],
      ['limit', 'b'],
      ['collector-failed', 'b'],
    ]);
    expect(seen).toEqual(['a', 'b']);
  });

  it('offers the members of archives again, to a depth', async () => {
    const paths: string[] = [];
    const archive = collector('archive', (entry) => {
      paths.push(entry.path);
      // eslint-disable-next-line @typescript-eslint/require-await -- members come one by one
      async function* members(): AsyncGenerator<Entry> {
        yield memoryEntry(`${entry.path}/in`, '');
      }
      return { ...nothing, children: members() };
    });
    const { problems } = await walk([memoryEntry('a', '')], [archive]);
    expect(paths).toHaveLength(limits.archiveDepth + 1);
    expect(problems).toMatchObject([{ code: 'archive-depth', effect: 'incomplete', path: paths.at(-1) }]);
  });

  it('keeps what was read of an archive that breaks', async () => {
    const archive = collector('archive', ({ path }) => {
      if (path !== 'a') return { ...nothing, problems: [incomplete('member', path, 'seen')] };
      // eslint-disable-next-line @typescript-eslint/require-await -- members come one by one
      async function* members(): AsyncGenerator<Entry> {
        yield memoryEntry('a/1', '');
        throw new MlbomError('E_MALFORMED', 'cut');
      }
      return { ...nothing, children: members() };
    });
    const { problems } = await walk([memoryEntry('a', '')], [archive]);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['member', 'a/1'],
      ['malformed', 'a'],
    ]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const stops = collector('stops', () => {
      controller.abort();
      return nothing;
    });
    await expect(
      walk([memoryEntry('a', ''), memoryEntry('b', '')], [stops], controller.signal),
    ).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('states what is said of a member of the file that holds it, where nothing is installed', async () => {
    const archive = memoryEntry('a.tar', 'tar');
    const outer = collector('outer', () => ({ ...nothing, children: members() }));
    async function* members() {
      yield await Promise.resolve(
        memberEntry(archive, 'site/x.dist-info/RECORD', memorySource(Buffer.of(1))),
      );
    }
    const installed = packageFact('x', '1.0', {
      path: 'site/x.dist-info',
      'mlbom:package:basis': 'installed',
    });
    const inner = {
      ...collector('inner', ({ path }) => ({
        facts: [installed],
        problems: [incomplete('code', path, 'why')],
        findings: [finding(rule, path, 'what', { offset: 3 })],
        lists: [{ component: 'x', path, files: [], owns: [] }],
      })),
      wants: ({ container }: Entry) => container !== undefined,
    };
    const { facts, problems, findings, lists } = await walk(
      [archive],
      [{ ...outer, wants: (e) => !e.container }, inner],
    );
    expect(facts).toMatchObject([{ about: { kind: 'component', path: 'a.tar' } }]);
    expect(facts[0]?.attributes.map(({ value }) => value)).toContain('packed');
    expect(problems).toMatchObject([{ path: 'a.tar', reason: 'site/x.dist-info/RECORD: why' }]);
    expect(findings).toMatchObject([{ path: 'a.tar', member: 'site/x.dist-info/RECORD', offset: 3 }]);
    expect(lists).toEqual([]);
  });

  it('notes who looked through a file: with rules, without a gap, and not for nothing', async () => {
    const empty: Collected = { facts: [], problems: [], findings: [] };
    const gap = { ...empty, problems: [incomplete('code', 'a', 'why')] };
    const { examined } = await walk(
      [memoryEntry('a', '')],
      [
        collector('without-rules', () => empty),
        { ...collector('not-its-file', () => nothing), rules: [rule] },
        { ...collector('with-a-gap', () => gap), rules: [rule] },
        { ...collector('through', () => empty), rules: [rule] },
      ],
    );
    expect([...examined]).toEqual([['a', ['through 1']]]);
  });
});
