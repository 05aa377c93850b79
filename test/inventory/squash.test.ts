import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDigest, sha256 } from '../../src/core/digest.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { LayerReading, LayerResult } from '../../src/core/layer.ts';
import { compareCodePoints } from '../../src/core/order.ts';
import { squash } from '../../src/inventory/squash.ts';
import { dataFact, packageFact, weightsFact } from '../fixtures/facts.ts';
import { layer, reading } from './layer-results.ts';

/** `path layer`, with ` -> target` for links, of every file that the layers show. */
function shown(...layers: LayerResult[]): string[] {
  return squash(layers).files.map((file) =>
    file.link === undefined ? `${file.path} ${file.layer}` : `${file.path} ${file.layer} -> ${file.link}`,
  );
}

describe('the merged layers', () => {
  it('show the highest version of each file, sorted by the code points of the paths', () => {
    const layers = [
      layer(['+a/b=1', '+a-b=1', '+a=x', '+\u{ffff}=1', '+\u{10000}=1']),
      layer(['+a/b=2', '+z=2']),
    ];
    expect(shown(...layers)).toEqual(['a-b 0', 'a/b 1', 'z 1', '\u{ffff} 0', '\u{10000} 0']);
    expect(squash(layers).files[1]).toMatchObject({ size: 1, sha256: sha256('2') });
  });

  it('hide what whiteouts and opaque directories name in lower layers, and nothing of their own', () => {
    const lower = layer(['+a/x=1', '+a/y/z=1', '+b/x=1', '+c=1']);
    expect(shown(lower, layer(['-a/x', '-c', '-missing', '+c=2', '!b', '+b/new=2']))).toEqual([
      'a/y/z 0',
      'b/new 1',
      'c 1',
    ]);
    expect(shown(lower, layer(['!']))).toEqual([]);
    expect(shown(lower, layer(['-a', '!a', '!a/y', '+a/new=2']), layer(['-a/new']))).toEqual([
      'b/x 0',
      'c 0',
    ]);
  });

  it('replace directories by files and links, and these by directories, with all that lay below', () => {
    expect(shown(layer(['+a/x=1', '+a/y=1']), layer(['+a=2']))).toEqual(['a 1']);
    expect(shown(layer(['+a/x=1', '+b/y=1']), layer(['+a->b']))).toEqual(['b/y 0']);
    expect(shown(layer(['+a=1']), layer(['+a/', '+a/x=2']))).toEqual(['a/x 1']);
    expect(shown(layer(['+a/x=1']), layer(['+a/']))).toEqual(['a/x 0']);
  });

  it('have the files that links lead to, inside the root', () => {
    const links = [
      '+l->a/b',
      '+up->../../a/b',
      '+abs->/a/b',
      '+a/here->b',
      '+chain->l',
      '+d->a',
      '+via->d/b',
    ];
    expect(shown(layer(['+a/b=1', ...links, '+broken->nowhere', '+loop->loop']))).toEqual([
      'a/b 0',
      'a/here 0 -> b',
      'abs 0 -> /a/b',
      'chain 0 -> l',
      'l 0 -> a/b',
      'up 0 -> ../../a/b',
      'via 0 -> d/b',
    ]);
  });

  it('are incomplete where a layer replaces files of its own', () => {
    const lower = layer(['+lib->usr/lib']);
    const effects = (...layers: LayerResult[]): string[] =>
      squash(layers).problems.map(({ code, effect, path }) => `${code} ${effect} ${path}`);
    expect(effects(layer(['+a/x=1', '+a=2']))).toEqual(['layer-replaces-own incomplete a/x']);
    expect(effects(lower, layer(['+usr/lib/x=1', '+lib/x=2']))).toContain(
      'layer-replaces-own incomplete usr/lib/x',
    );
    expect(effects(layer(['+a=1']), layer(['+a=2']))).toEqual([]);
  });

  it('count what each layer does', () => {
    const { changes } = squash([
      layer(['+a=1', '+b/x=1', '+b/c/y=1', '+l->a']),
      layer(['+a=2', '!b', '!b/c', '-b', '-b/x', '+new=2', '!none', '-l']),
    ]);
    expect(changes).toEqual([
      { added: 3, replaced: 0, removed: 0, whiteouts: 0, opaque: 0 },
      { added: 1, replaced: 1, removed: 2, whiteouts: 3, opaque: 3 },
    ]);
  });
});

describe('names below a link of a lower layer', () => {
  const lower = layer(['+usr/lib/x=1', '+usr/lib/y=1', '+lib->usr/lib']);

  it('lie where the link leads, and readers that differ over it are a contradiction', () => {
    const { files, problems } = squash([lower, layer(['+lib/x=2', '+lib/new=2'])]);
    expect(files.map(({ path, layer: from }) => `${path} ${from}`)).toEqual([
      'usr/lib/new 1',
      'usr/lib/x 1',
      'usr/lib/y 0',
    ]);
    expect(problems).toMatchObject([{ code: 'layer-parent-link', effect: 'contradiction', path: 'lib' }]);
  });

  it('are removed there by whiteouts and opaque directories', () => {
    expect(shown(lower, layer(['-lib/x']))).toEqual(['usr/lib/y 0']);
    expect(shown(lower, layer(['!lib']))).toEqual([]);
    expect(shown(lower, layer(['-lib']))).toEqual(['usr/lib/x 0', 'usr/lib/y 0']);
  });

  it('lie in a directory that the layer brings in place of the link', () => {
    const upper = layer(['+lib/', '+lib/x=2', '!lib', '-lib/y']);
    expect(shown(lower, upper)).toEqual(['lib/x 1', 'usr/lib/x 0', 'usr/lib/y 0']);
    expect(squash([lower, upper]).problems).toEqual([]);
  });

  it.each(['+lib/', '+lib->etc', '+lib=1'])('still lie where it led when %s comes after them', (late) => {
    const upper = layer(['+lib/x=2', late]);
    const { files, problems } = squash([lower, upper]);
    expect(files.find(({ path }) => path === 'usr/lib/x')).toMatchObject({ sha256: sha256('2'), layer: 1 });
    expect(problems).toMatchObject([
      { code: 'layer-parent-link', effect: 'contradiction', path: 'lib' },
      { code: 'layer-order', effect: 'incomplete', path: 'lib' },
    ]);
  });

  it('are stated under the path that they have', () => {
    const path = 'lib/p-1.dist-info';
    const factAt = (at: string): Fact => packageFact('p', '1', { path: at, 'mlbom:package:location': at });
    const read = reading(`${path}/METADATA`, [factAt(path)], {
      problems: [{ kind: 'problem', code: 'x', effect: 'incomplete', path: `${path}/METADATA`, reason: 'x' }],
      lists: [
        {
          component: `python:${path}`,
          path: `${path}/METADATA`,
          files: [{ path: 'lib/p.py' }],
          owns: ['lib/p'],
        },
      ],
    });
    const { readings } = squash([lower, layer([`+${path}/METADATA=2`], [read])]);
    const real = `usr/${path}`;
    expect(readings).toMatchObject([
      {
        path: `${real}/METADATA`,
        facts: [{ about: { kind: 'component', key: `python:${real}`, path: real } }],
        problems: [{ path: `${real}/METADATA` }],
        lists: [{ component: `python:${real}`, files: [{ path: 'usr/lib/p.py' }], owns: ['usr/lib/p'] }],
      },
    ]);
    expect(JSON.stringify(readings)).not.toContain('"lib/');
    const [below, above] = [
      layer([`+${real}/METADATA=1`], [{ ...read, path: `${real}/METADATA`, facts: [factAt(real)] }]),
      layer([`+${path}/METADATA=2`], [read]),
    ];
    const again = squash([lower, below, above]).readings;
    expect(again).toMatchObject([{ layer: 2 }]);
    expect(introduced(again[0]?.facts[0])).toBe(formatDigest(below.diffId));
  });

  it('are not lost where the link leads nowhere, in circles, or out of the root', () => {
    const links = layer(['+out->../../../etc', '+none->gone/away', '+a->b', '+b->a', '+file=1']);
    const { files, problems } = squash([links, layer(['+out/x=2', '+none/x=2', '+a/x=2', '+file/x=2'])]);
    expect(files.map(({ path }) => path)).toEqual(['a/x', 'etc/x', 'file/x', 'gone/away/x']);
    expect(new Set(problems.map(({ code }) => code))).toEqual(
      new Set(['layer-parent-link', 'layer-link-loop', 'layer-parent-file']),
    );
  });
});

describe('hard links', () => {
  it('have the digest of the file of the lower layer, even where their layer hides its name', () => {
    const lower = layer(['+a=content', '+l->a']);
    expect(squash([lower, layer(['+b=>a', '-a'])]).files).toEqual([
      { path: 'b', size: 7, sha256: sha256('content'), layer: 1 },
    ]);
    expect(shown(lower, layer(['+b=>l', '+d/c=>./d/../a']))).toEqual([
      'a 0',
      'b 1 -> a',
      'd/c 1',
      'l 0 -> a',
    ]);
  });

  it('are problems where there is no file, or what was read of it is gone with its name', () => {
    expect(squash([layer(['+b=>a'])]).problems).toMatchObject([{ code: 'hard-link-missing', path: 'b' }]);
    const lower = layer(['+a.gguf=1'], [reading('a.gguf', [weightsFact('a.gguf')])]);
    expect(squash([lower, layer(['+b=>a.gguf'])]).problems).toEqual([]);
    expect(squash([lower, layer(['+b=>a.gguf', '-a.gguf'])]).problems).toMatchObject([
      { code: 'hard-link-unexamined', effect: 'incomplete', path: 'b' },
    ]);
  });
});

describe('readings', () => {
  const fact = (path: string): LayerReading => reading(path, [weightsFact(path)]);

  it('count where their file is shown, and name the layer that it comes from', () => {
    const layers = [
      layer(['+a=1', '+b=1', '+c=1'], [fact('a'), fact('b'), fact('c')]),
      layer(['+a=2', '-b'], [reading('a', [dataFact('a')])]),
    ];
    const { readings } = squash(layers);
    expect(readings.map(({ path, layer: from }) => `${path} ${from}`)).toEqual(['a 1', 'c 0']);
    expect(readings.map(({ facts }) => introduced(facts[0]))).toEqual(
      [layers[1], layers[0]].map((each) => each && formatDigest(each.diffId)),
    );
  });

  it('of what is no name in their layer count as well', () => {
    expect(squash([layer([], [reading('../x')]), layer(['!'])]).readings).toMatchObject([
      { path: '../x', layer: 0 },
    ]);
  });
});

describe('files of the Hub’s cache, which are read by the names of the links to them', () => {
  const [blob, link] = ['hub/blobs/abc', 'hub/snapshots/1/m.bin'];
  const lower = layer([`+${link}->../../blobs/abc`, `+${blob}=1`], [reading(link, [weightsFact(link)])]);

  it('count as long as the link leads to what was read', () => {
    expect(squash([lower]).readings).toMatchObject([{ path: link, layer: 0 }]);
    expect(squash([lower, layer([`+${blob}=2`])]).readings).toEqual([]);
    expect(squash([lower, layer([`-${blob}`])]).readings).toEqual([]);
  });

  it('are hidden content when the blob or the whole cache is gone', () => {
    const hidden = { path: link, layer: 0, sha256: sha256('1'), size: 1, removedBy: 1, isWeights: true };
    expect(squash([lower, layer([`-${blob}`])]).hidden).toMatchObject([hidden]);
    expect(squash([lower, layer([`+${blob}=2`])]).hidden).toMatchObject([hidden]);
    expect(squash([lower, layer(['-hub'])]).hidden).toMatchObject([hidden]);
    expect(squash([lower, layer([`-${link}`])]).hidden).toEqual([]);
  });
});

describe('hidden content', () => {
  const weights = reading('m.bin', [weightsFact('m.bin')]);
  const grave = { rule: 'MLB-PKL-001', severity: 'critical', cwe: 502, path: 'x.pkl', message: 'x' } as const;

  it('is weights and dangerous files that a layer still carries', () => {
    const lower = layer(
      ['+m.bin=1', '+x.pkl=2', '+t=3'],
      [weights, reading('x.pkl', [], { findings: [grave, { ...grave, severity: 'low' }] }), reading('t')],
    );
    expect(squash([lower, layer(['-m.bin', '-t']), layer(['+x.pkl=safe'])]).hidden).toEqual([
      { path: 'm.bin', layer: 0, size: 1, sha256: sha256('1'), removedBy: 1, isWeights: true, findings: [] },
      {
        path: 'x.pkl',
        layer: 0,
        size: 1,
        sha256: sha256('2'),
        removedBy: 2,
        isWeights: false,
        findings: [grave],
      },
    ]);
  });

  it('is not what the image shows under another name', () => {
    expect(squash([layer(['+m.bin=1'], [weights]), layer(['-m.bin', '+n.bin=1'])]).hidden).toEqual([]);
  });
});

describe('packages', () => {
  const installed = { 'mlbom:package:basis': 'installed' } as const;
  const database = (...packages: string[]): LayerReading =>
    reading(
      'var/lib/dpkg/status',
      packages.map((each): Fact => {
        const [name = '', version] = each.split('@');
        return {
          ...packageFact(name, version, installed),
          about: { kind: 'component', key: `deb:.:${name}`, path: 'var/lib/dpkg/status' },
        };
      }),
    );
  let number = 0;
  const status = (...packages: string[]): LayerResult =>
    layer([`+var/lib/dpkg/status=${++number}`], [database(...packages)]);

  function origins(layers: readonly LayerResult[]): Record<string, number> {
    const ids = layers.map(({ diffId }) => formatDigest(diffId));
    return Object.fromEntries(
      squash(layers).readings.flatMap(({ facts }) =>
        facts.map((fact) => [
          fact.attributes.find(({ name }) => name === 'name')?.value,
          ids.indexOf(String(introduced(fact))),
        ]),
      ),
    ) as Record<string, number>;
  }

  it('belong to the layer from which on every version of their database has them', () => {
    expect(origins([status('a@1', 'b@1'), layer(['+x=1']), status('a@1', 'b@2', 'c@1')])).toEqual({
      a: 0,
      b: 2,
      c: 2,
    });
  });

  it('belong to the later layer when they were removed in between', () => {
    expect(origins([status('a@1', 'b@1'), status('b@1'), status('a@1', 'b@1')])).toEqual({ a: 2, b: 0 });
    expect(origins([status('a@1'), layer(['-var/lib/dpkg']), status('a@1')])).toEqual({ a: 2 });
    const again = layer(['!var/lib/dpkg', '+var/lib/dpkg/status=new'], [database('a@1')]);
    expect(origins([status('a@1'), again])).toEqual({ a: 1 });
    const unread = layer(['+var/lib/dpkg/status=broken']);
    expect(origins([status('a@1'), unread, status('a@1')])).toEqual({ a: 2 });
  });

  it('are listed when a later layer removed them, with the version that came in their place', () => {
    const { removed } = squash([status('a@1', 'b@1', 'c@1'), status('b@1', 'c@2', 'd@1'), status('c@2')]);
    expect(removed).toEqual([
      { name: 'a', version: '1', purl: 'pkg:pypi/a@1', layer: 0, removedBy: 1 },
      { name: 'b', version: '1', purl: 'pkg:pypi/b@1', layer: 0, removedBy: 2 },
      { name: 'c', version: '1', purl: 'pkg:pypi/c@1', layer: 0, removedBy: 1, now: '2' },
      { name: 'd', version: '1', purl: 'pkg:pypi/d@1', layer: 1, removedBy: 2 },
    ]);
  });

  it('are not listed when they are still there, elsewhere, or never were installed', () => {
    const metadata = (path: string, values = {}): LayerReading =>
      reading(path, [packageFact('p', '1', { path, ...values })]);
    const one = layer(['+a/METADATA=1'], [metadata('a/METADATA', installed)]);
    expect(
      squash([one, layer(['-a', '+b/METADATA=1'], [metadata('b/METADATA', installed)])]).removed,
    ).toEqual([]);
    expect(squash([layer(['+lock=1'], [metadata('lock')]), layer(['-lock'])]).removed).toEqual([]);
    expect(squash([one, layer(['-a'])]).removed).toMatchObject([{ name: 'p', layer: 0, removedBy: 1 }]);
  });
});

function introduced(fact: Fact | undefined): unknown {
  return fact?.attributes.findLast(({ name }) => name === 'mlbom:oci:introduced-by')?.value;
}

describe('any layers', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'a-');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(path, fc.nat(3)).map(([at, content]) => `+${at}=${content}`) },
    path.map((at) => `+${at}/`),
    path.map((at) => `-${at}`),
    path.map((at) => `!${at}`),
  );
  /** A name stands in a layer once. */
  const steps = fc.uniqueArray(step, {
    maxLength: 8,
    selector: (each) => each.replace(/^(.)(.*?)\/?(=.*)?$/, '$1$2'),
  });
  const linked = fc.tuple(
    path,
    fc.array(fc.constantFrom('a', 'b', '..', ''), { minLength: 1, maxLength: 3 }),
  );
  const link = linked.map(([at, target]) => `+${at}->${target.join('/')}`);

  it('show what a model of strings shows', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 5 }), (layers) => {
        const files = squash(layers.map((each) => layer(each))).files.map(
          (file) => [file.path, file.sha256, file.layer] as const,
        );
        expect(files).toEqual(naive(layers.map((each) => layer(each))));
      }),
      { numRuns: 2000 },
    );
  });

  it('end in files that have a place, whatever their links', () => {
    const any = fc.uniqueArray(fc.oneof(step, link), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), (layers) => {
        const { files, changes } = squash(layers.map((each) => layer(each)));
        const own = files.filter((file) => file.link === undefined).map((file) => file.path);
        expect(files.map((file) => file.path)).toEqual(
          files.map((file) => file.path).toSorted(compareCodePoints),
        );
        for (const file of own) {
          expect(file.split('/')).not.toContain('..');
          expect(own.filter((other) => other.startsWith(`${file}/`))).toEqual([]);
        }
        // Nothing comes or goes uncounted.
        expect(changes.reduce((sum, { added, removed }) => sum + added - removed, 0)).toBe(own.length);
      }),
      { numRuns: 2000 },
    );
  });
});

/** The same without a tree and without links: paths and prefixes. */
function naive(layers: readonly LayerResult[]): (readonly [string, string, number])[] {
  const files = new Map<string, readonly [string, number]>();
  const removeBelow = (path: string): void => {
    for (const each of [...files.keys()]) if (each.startsWith(`${path}/`)) files.delete(each);
  };
  for (const [index, { entries, whiteouts, opaque }] of layers.entries()) {
    for (const path of opaque) removeBelow(path);
    for (const path of whiteouts) {
      removeBelow(path);
      files.delete(path);
    }
    for (const { path, type, sha256: digest = '' } of entries) {
      const parts = path.split('/');
      for (let length = 1; length < parts.length; length++) files.delete(parts.slice(0, length).join('/'));
      if (type === 'directory') files.delete(path);
      else {
        removeBelow(path);
        files.set(path, [digest, index]);
      }
    }
  }
  return [...files]
    .map(([path, [digest, index]]) => [path, digest, index] as const)
    .sort(([a], [b]) => compareCodePoints(a, b));
}
