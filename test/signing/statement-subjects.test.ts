import { describe, expect, it } from 'vitest';
import type { Bom, Component } from '../../src/core/bom.ts';
import { bomStatement } from '../../src/signing/bom-statement.ts';
import { statementSubjects } from '../../src/signing/statement-subjects.ts';

function hex(seed: number): string {
  return seed.toString(16).padStart(64, '0');
}

function file(path: string, sha256: string, size: number, tensorRoot?: string): Component {
  return {
    type: 'file',
    name: path,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    properties: [
      { name: 'mlbom:file:path', value: path },
      { name: 'mlbom:file:size', value: String(size) },
      ...(tensorRoot === undefined ? [] : [{ name: 'mlbom:file:tensor-root', value: tensorRoot }]),
    ],
  };
}

function bomOf(components: Component[]): Bom {
  const component: Component = {
    type: 'machine-learning-model',
    name: 'tiny',
    version: '1.2',
    hashes: [{ alg: 'SHA-256', content: hex(1).toUpperCase() }],
    properties: [
      { name: 'mlbom:hash:scope', value: 'manifest' },
      { name: 'mlbom:oms:root', value: hex(2) },
    ],
    components,
  };
  return { bomFormat: 'CycloneDX', specVersion: '1.7', metadata: { component } };
}

describe('statementSubjects', () => {
  it('names the artifact, its OMS root, then files of tensors by size and path, and no other files', () => {
    const bom = bomOf([
      file('b.gguf', hex(10), 500, hex(99)),
      file('a.gguf', hex(11), 500, hex(98)),
      file('model.safetensors', hex(12), 4000, hex(97)),
      file('LICENSE', hex(13), 9_000),
    ]);
    expect(statementSubjects(bom)).toEqual([
      { name: 'tiny@1.2', digest: { sha256: hex(1) } },
      { name: 'tiny@1.2 (OMS root)', digest: { sha256: hex(2) } },
      { name: 'model.safetensors', digest: { sha256: hex(12) } },
      { name: 'a.gguf', digest: { sha256: hex(11) } },
      { name: 'b.gguf', digest: { sha256: hex(10) } },
    ]);
  });

  it('names each digest once', () => {
    const subjects = statementSubjects(
      bomOf([file('a', hex(10), 5, hex(9)), file('copy', hex(10), 5, hex(9))]),
    );
    expect(subjects.map(({ name }) => name)).toEqual(['tiny@1.2', 'tiny@1.2 (OMS root)', 'a']);
  });

  it('stops at the 1,024 that verifiers take, and keeps the largest', () => {
    const files = Array.from({ length: 2_000 }, (_, i) => file(`f${i}`, hex(100 + i), i + 1, hex(9)));
    const subjects = statementSubjects(bomOf(files));
    expect(subjects).toHaveLength(1024);
    expect(subjects[2]?.name).toBe('f1999');
    expect(bomStatement(bomOf(files), subjects).subject).toBe(subjects);
  });

  it('does not take the SHA-256 of a component for an artifact digest unless the BOM says so', () => {
    const library: Component = { type: 'library', name: 'x', hashes: [{ alg: 'SHA-256', content: hex(7) }] };
    expect(statementSubjects({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [library] })).toEqual(
      [],
    );
  });

  it('refuses a digest that is none', () => {
    expect(() => statementSubjects(bomOf([file('a', 'abc', 5, hex(9))]))).toThrow(
      expect.objectContaining({ code: 'E_MALFORMED' }),
    );
  });
});

describe('bomStatement', () => {
  it('refuses to be about nothing, or about more than verifiers take', () => {
    const bom = bomOf([]);
    const one = { name: 'x', digest: { sha256: hex(1) } };
    expect(() => bomStatement(bom, [])).toThrow(expect.objectContaining({ code: 'E_UNSUPPORTED' }));
    const many = Array.from({ length: 1025 }, () => one);
    expect(() => bomStatement(bom, many)).toThrow(expect.objectContaining({ code: 'E_LIMIT' }));
  });
});
