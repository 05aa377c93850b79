import { describe, expect, it } from 'vitest';
import { formatDigest, sha256, type Digest } from '../../src/core/digest.ts';
import type { HistoryLine } from '../../src/core/image.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { baseImageOf, type BaseImageInput, type BaseMaterial } from '../../src/inventory/base-image.ts';
import { imageMaterials } from '../../src/operations/images/attached-statement.ts';

function digest(of: string): Digest {
  return { algorithm: 'sha256', hex: sha256(of) };
}

const layers = ['debian', 'python', 'app'].map(digest);
const debian = { names: ['docker.io/library/debian:12'], digest: digest('m1'), diffIds: layers.slice(0, 1) };
const python = {
  names: ['registry.example.org/python:3.11'],
  digest: digest('m2'),
  indexes: [digest('i2')],
  diffIds: layers.slice(0, 2),
};
const other = { names: ['other:1'], digest: digest('m3'), diffIds: [digest('else')] };

function bases(input: Partial<BaseImageInput>): ReturnType<typeof baseImageOf> {
  return baseImageOf({
    annotations: {},
    labels: {},
    history: [],
    diffIds: layers,
    known: [],
    materials: [],
    ...input,
  });
}

function annotation(name?: string, id?: string): Record<string, string> {
  return {
    ...(name === undefined ? {} : { 'org.opencontainers.image.base.name': name }),
    ...(id === undefined ? {} : { 'org.opencontainers.image.base.digest': id }),
  };
}

/** What the provenance of a build with these dependencies names. */
function materials(resolvedDependencies: JsonObject[]): readonly BaseMaterial[] {
  const predicate = { buildDefinition: { resolvedDependencies } };
  return imageMaterials({ predicateType: 'https://slsa.dev/provenance/v1', predicate });
}

describe('a base image', () => {
  it('is verified where the layers of a known image are the lowest ones, the largest first', () => {
    expect(bases({ known: [debian, other, python] })).toEqual({
      statements: [
        { name: python.names[0], digest: python.digest, layers: 2, how: 'prefix', confidence: 1 },
        { name: debian.names[0], digest: debian.digest, layers: 1, how: 'prefix', confidence: 1 },
      ],
      problems: [],
    });
  });

  it('is no image with the same layers, or none, unless it is named', () => {
    const same = { ...other, diffIds: layers };
    expect(bases({ known: [same, { ...other, diffIds: [] }] }).statements).toEqual([]);
    expect(
      bases({ known: [same], annotations: annotation('docker.io/library/other:1') }).statements,
    ).toMatchObject([{ how: 'prefix', layers: 3 }]);
  });

  it('is a claim where only annotations or labels name it; a label may be inherited', () => {
    const { statements } = bases({
      annotations: annotation('debian:12', ''),
      labels: annotation('ubuntu', formatDigest(digest('u'))),
    });
    expect(statements).toEqual([
      { name: 'debian:12', how: 'annotation', confidence: 0.5 },
      { name: 'ubuntu', digest: digest('u'), how: 'annotation', confidence: 0.4 },
    ]);
  });

  it.each([
    annotation('scratch'),
    annotation('', ''),
    annotation('user:pass word@x'),
    annotation('a', 'md5:00'),
    {},
  ])('is not made of %j', (annotations) => {
    expect(bases({ annotations }).statements.filter(({ digest: id, name }) => id ?? name !== 'a')).toEqual(
      [],
    );
  });

  it('that is claimed is verified when it is known, by its digest, its index or its name', () => {
    for (const annotations of [
      annotation('python', formatDigest(python.digest)),
      annotation('python', formatDigest(digest('i2'))),
      annotation('registry.example.org/python:3.11'),
    ]) {
      const name = annotations['org.opencontainers.image.base.name'];
      expect(bases({ annotations, known: [python] }).statements).toEqual([
        { name, digest: python.digest, layers: 2, how: 'prefix', confidence: 1 },
      ]);
    }
  });

  it('that is claimed by a digest whose layers it does not have is a contradiction, and none', () => {
    const { statements, problems } = bases({
      annotations: annotation('other:1', formatDigest(digest('m3'))),
      known: [other, debian],
    });
    expect(statements).toMatchObject([{ name: debian.names[0], how: 'prefix' }]);
    expect(problems).toMatchObject([{ code: 'base-differs', effect: 'contradiction' }]);
    expect(problems[0]?.reason).toContain(sha256('m3'));
    // What the name stands for today says nothing of the day of the build.
    expect(bases({ annotations: annotation('other:1'), known: [other] })).toMatchObject({
      statements: [{ name: 'other:1', confidence: 0.5 }],
      problems: [],
    });
  });

  it('is claimed by the provenance of a build, less surely where it used several images', () => {
    const alpine = {
      uri: 'pkg:docker/alpine@3.17?platform=linux%2Famd64',
      digest: { sha256: sha256('alpine') },
    };
    const team = {
      uri: 'pkg:docker/registry.example.org%3A5000/team/base@v1',
      digest: { sha256: sha256('t') },
    };
    const rest = [
      { uri: 'pkg:docker/docker/dockerfile@1', digest: { sha256: sha256('d') } },
      { uri: 'https://example.org/x.git#refs/tags/v1', digest: { sha1: '00' } },
      { uri: 'pkg:docker/%ZZ', digest: { sha256: sha256('z') } },
      { uri: 'pkg:docker/nothing', digest: {} },
    ];
    const claim = { name: 'docker.io/library/alpine:3.17', digest: digest('alpine'), how: 'provenance' };
    expect(bases({ materials: materials([alpine, alpine, ...rest]) }).statements).toEqual([
      { ...claim, confidence: 0.5 },
    ]);
    expect(bases({ materials: materials([alpine, team, ...rest]) }).statements).toEqual([
      { ...claim, confidence: 0.3 },
      {
        name: 'registry.example.org:5000/team/base:v1',
        digest: digest('t'),
        how: 'provenance',
        confidence: 0.3,
      },
    ]);
    // A stage of the build may have been made of another image.
    const stage = { ...other, digest: digest('alpine') };
    expect(bases({ materials: materials([alpine]), known: [stage] }).problems).toEqual([]);
  });
});

describe('the history', () => {
  const line = (createdBy: string, emptyLayer = false): HistoryLine => ({ createdBy, emptyLayer });
  const history = [
    line('/bin/sh -c #(nop) ADD file:5d67 in / '),
    line('/bin/sh -c #(nop)  CMD ["bash"]', true),
    line('RUN /bin/sh -c apt-get update # buildkit'),
    line('ENV A=1', true),
    line('COPY app / # buildkit'),
    line('CMD ["app"]', true),
  ];

  it('lets guess where the base ends, when nothing better is known', () => {
    const guess = { layers: 1, how: 'heuristic', confidence: 0.2 };
    expect(bases({ history }).statements).toEqual([guess]);
    expect(bases({ history, annotations: annotation('a') }).statements).toMatchObject([{ name: 'a' }, guess]);
    expect(bases({ history, known: [debian] }).statements).toMatchObject([{ how: 'prefix' }]);
    expect(
      bases({ history: [...history.slice(0, 3), line('CMD ["x"]', true), ...history.slice(4)] }).statements,
    ).toEqual([{ ...guess, layers: 2 }]);
  });

  it('says nothing when it has another number of layers, or only the command at its end', () => {
    expect(bases({ history: history.slice(0, 4) }).statements).toEqual([]);
    expect(bases({ history: [line('a'), line('b'), line('c'), line('CMD x', true)] }).statements).toEqual([]);
    expect(bases({ history: [line('CMD x', true), line('a'), line('b'), line('c')] }).statements).toEqual([]);
  });
});
