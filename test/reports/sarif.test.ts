import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import { finding, type Finding, type FindingRule } from '../../src/core/finding.ts';
import type { Inventory, Item } from '../../src/core/inventory.ts';
import { incomplete, contradiction } from '../../src/core/problem.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { sarif } from '../../src/reports/sarif.ts';
import { collectFiles } from '../fixtures/collect-files.ts';

const rule = (id: string, severity: FindingRule['severity'], cwe = 502): FindingRule => ({
  id,
  severity,
  cwe,
  title: `Title of ${id}`,
  why: 'What can happen.',
  fix: 'What to do.',
  references: ['CVE-2024-0001'],
});
const critical = rule('MLB-PKL-001', 'critical');
const medium = rule('MLB-ZIP-002', 'medium', 22);
const info = rule('MLB-TPL-009', 'info');
const rules = [medium, critical, info, critical];

interface Log {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly [Run];
}
interface Run {
  readonly tool: { readonly driver: { readonly version: string; readonly rules: readonly Descriptor[] } };
  readonly originalUriBaseIds?: Record<string, unknown>;
  readonly artifacts: readonly {
    location: Location;
    parentIndex?: number;
    hashes?: Record<string, string>;
  }[];
  readonly invocations: readonly [{ toolExecutionNotifications: readonly Record<string, unknown>[] }];
  readonly results: readonly Result[];
}
interface Descriptor {
  readonly id: string;
  readonly helpUri: string;
  readonly properties: unknown;
}
interface Location {
  readonly uri: string;
  readonly uriBaseId?: string;
  readonly index: number;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { text: string };
  readonly locations: readonly [
    { physicalLocation: { artifactLocation: Location; region?: unknown }; logicalLocations?: unknown },
  ];
  readonly relatedLocations?: readonly [
    { physicalLocation: { artifactLocation: Location; region?: unknown } },
  ];
  readonly partialFingerprints: Record<string, string>;
}

const files = { 'a dir/weights #1.bin': 'weights', 'b.bin': 'other' };

async function inventoryWith(
  findings: readonly Finding[],
  problems: Item['problems'] = [],
  names = ['support'],
): Promise<Inventory> {
  const artifacts = await Promise.all(names.map((name) => collectFiles(files, name)));
  return buildInventory(artifacts.map((artifact) => ({ ...artifact, findings, problems })));
}

function log(inventory: Inventory): Run {
  const text = sarif({ inventory, rules, toolVersion: '1.2.3' });
  expect(text).not.toContain('null');
  const { version, runs } = JSON.parse(text) as Log;
  expect(version).toBe('2.1.0');
  return runs[0];
}

describe('sarif', () => {
  it('describes each rule once, and every result says which', async () => {
    const found = [
      finding(medium, 'b.bin', 'one'),
      finding(critical, 'b.bin', 'two', { offset: 7 }),
      finding(critical, 'b.bin', 'three', { offset: 3 }),
    ];
    const { tool, results } = log(await inventoryWith(found));
    expect(tool.driver).toMatchObject({ name: 'mlbom', version: '1.2.3' });
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(['MLB-PKL-001', 'MLB-TPL-009', 'MLB-ZIP-002']);
    expect(tool.driver.rules[0]).toMatchObject({
      helpUri: 'https://mlbom.dev/findings#mlb-pkl-001',
      defaultConfiguration: { level: 'error' },
      properties: { 'security-severity': '9.5', tags: ['security', 'external/cwe/cwe-502'] },
    });
    expect(tool.driver.rules[2]).toMatchObject({
      properties: { tags: ['security', 'external/cwe/cwe-022'] },
    });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results.map(({ ruleId, level, message }) => [ruleId, level, message.text])).toEqual([
      ['MLB-ZIP-002', 'warning', 'one.'],
      ['MLB-PKL-001', 'error', 'three.'],
      ['MLB-PKL-001', 'error', 'two.'],
    ]);
  });

  it('names files by relative references, with their digest and the place in them', async () => {
    const path = 'a dir/weights #1.bin';
    const found = finding(critical, path, 'x', { offset: 16, length: 4, symbol: 'os.system' });
    const { artifacts, results } = log(await inventoryWith([found]));
    const uri = 'a%20dir/weights%20%231.bin';
    expect(artifacts).toEqual([
      { location: { uri, index: 0 }, length: 7, hashes: { 'sha-256': sha256('weights') } },
    ]);
    expect(results[0]?.locations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri, index: 0 }, region: { byteOffset: 16, byteLength: 4 } },
        logicalLocations: [{ fullyQualifiedName: 'os.system' }],
      },
    ]);
  });

  it('puts members into the archives that hold them', async () => {
    const inside = (member: string): Finding => ({
      ...finding(critical, 'b.bin', 'x', { offset: 2 }),
      member,
    });
    const { artifacts, results } = log(
      await inventoryWith([inside('in.zip!/data.pkl'), inside('in.zip!/../é'), inside('data.pkl')]),
    );
    expect(artifacts.map(({ location, parentIndex }) => [location.uri, location.index, parentIndex])).toEqual(
      [
        ['b.bin', 0, undefined],
        ['/data.pkl', 1, 0],
        ['/in.zip', 2, 0],
        ['/%2E%2E/%C3%A9', 3, 2],
        ['/data.pkl', 4, 2],
      ],
    );
    expect(results[2]?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'b.bin', index: 0 },
    });
    expect(results[2]?.relatedLocations?.[0].physicalLocation).toEqual({
      artifactLocation: { uri: '/data.pkl', index: 4 },
      region: { byteOffset: 2 },
    });
    expect(results[2]?.message.text).toBe('x (in in.zip!/data.pkl).');
  });

  it('fingerprints what was found by the bytes it was found in', async () => {
    const at = (offset: number): Finding => finding(critical, 'b.bin', 'x', { offset });
    const print = (run: Run): string[] =>
      run.results.map((result) => result.partialFingerprints['mlbom/v1'] ?? '');
    const [first, second] = print(log(await inventoryWith([at(1), at(2)])));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).not.toBe(first);
    expect(print(log(await inventoryWith([at(1)])))).toEqual([first]);
  });

  it('tells what could not be examined, and not what merely contradicts', async () => {
    const problems = [
      incomplete('malformed', 'b.bin', 'cut'),
      contradiction('odd', 'b.bin', 'odd'),
      incomplete('empty', '.', 'nothing'),
    ];
    const { invocations, results } = log(await inventoryWith([], problems));
    expect(results).toEqual([]);
    expect(invocations[0].toolExecutionNotifications).toMatchObject([
      { descriptor: { id: 'empty' }, message: { text: 'nothing.' } },
      {
        descriptor: { id: 'malformed' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'b.bin', index: 0 } } }],
      },
    ]);
  });

  it('keeps several sources apart', async () => {
    const run = log(await inventoryWith([finding(critical, 'b.bin', 'x')], [], ['one', 'two']));
    expect(run.originalUriBaseIds).toEqual({
      SOURCE1: { description: { text: 'one' } },
      SOURCE2: { description: { text: 'two' } },
    });
    expect(run.artifacts.map(({ location }) => [location.uriBaseId, location.uri])).toEqual([
      ['SOURCE1', 'b.bin'],
      ['SOURCE2', 'b.bin'],
    ]);
  });

  it('makes no links, no long lines and no hidden text of what a file says', async () => {
    const message = `[click](https://example.org) \u202E${'x'.repeat(5000)}`;
    const { results } = log(await inventoryWith([finding(critical, 'b.bin', message)]));
    const text = results[0]?.message.text ?? '';
    expect(text).toContain('\\[click\\](https://example.org) \\u{202e}');
    expect(text.length).toBeLessThan(1100);
  });

  it('describes a rule that only a finding knows', async () => {
    const unknown = rule('MLB-NEW-001', 'high');
    const { tool, results } = log(await inventoryWith([finding(unknown, 'b.bin', 'x')]));
    expect(tool.driver.rules[results[0]?.ruleIndex ?? -1]?.id).toBe('MLB-NEW-001');
  });
});
