import { dtypeName } from '../core/dtype.ts';
import type { Attribute, AttributeName } from '../core/fact.ts';
import { spdxId } from '../core/spdx.ts';
import { familyKey } from './families.ts';

type Agree = (a: Attribute, b: Attribute) => boolean;

/** The attributes of which two statements are held against each other, and when they say the same. */
const comparisons: Partial<Record<AttributeName, Agree>> = {
  license: by(licenseKey),
  architectureFamily: by(familyKey),
  modelArchitecture: by((text) => text.toLowerCase()),
  'mlbom:model:parameters': sameSize,
  'mlbom:model:format': sameFormat,
  'mlbom:model:dtype': by(dtypeName),
  'mlbom:model:quantization': sameQuantization,
  'mlbom:model:context-length': by((text) => text),
  'mlbom:model:embedding-length': by((text) => text),
  'mlbom:dataset:rows': by((text) => text),
};

/** True when both say the same, or when the attribute is one that sources may differ on. */
export function agree(a: Attribute, b: Attribute): boolean {
  return comparisons[a.name]?.(a, b) ?? true;
}

/** An attribute's value as one line of text, for comparing and for showing. */
export function comparable({ name, value }: Attribute): string {
  if (name === 'license') return value.license;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function by(keyOf: (text: string) => string): Agree {
  return (a, b) => keyOf(comparable(a)) === keyOf(comparable(b));
}

/** `Apache License, Version 2.0` is `apache-2.0`; `GPL-3.0` is an older name of `GPL-3.0-only`. */
function licenseKey(text: string): string {
  return (spdxId(text) ?? text)
    .toLowerCase()
    .replace(/\b(?:the|licen[cs]es?|version)\b|-only$/g, '')
    .replace(/[^a-z0-9.+]|\.(?!\d)/g, '');
}

/** A model may have files of several formats; what the configuration of its artifact says is about the weights. */
function sameFormat(a: Attribute, b: Attribute): boolean {
  const isClaim = [a, b].some(({ evidence }) => evidence.basis === 'declared' && evidence.by === 'image');
  return !isClaim || comparable(a) === comparable(b);
}

const ggmlType = /^(?:I?Q\d|TQ\d|MXFP4|BF16|F16|F32)/;

/** Only ggml's own names of file types mean the same everywhere. */
function sameQuantization(a: Attribute, b: Attribute): boolean {
  const [x, y] = [a, b].map((each) =>
    comparable(each)
      .toUpperCase()
      .replace(/^MOSTLY_/, ''),
  );
  return x === y || ![x, y].every((text) => ggmlType.test(text ?? ''));
}

/** Buffers, tied embeddings and what an exporter adds make up a few percent. */
const tolerance = 0.05;
/** What a rounded number may be off by: a model called "1B" has up to 1.25 billion. */
const roundedTolerance = 0.2;

/** Measured numbers are exact; others may be rounded, so that their last digit that is no zero is uncertain by half. */
function sameSize(a: Attribute, b: Attribute): boolean {
  const [x, y] = [Number(a.value), Number(b.value)];
  const largest = Math.max(x, y);
  const rounding = Math.max(...[a, b].map(roundingOf));
  return Math.abs(x - y) <= Math.max(tolerance * largest, Math.min(rounding, roundedTolerance * largest));
}

function roundingOf(statement: Attribute): number {
  if (statement.evidence.basis === 'observed') return 0;
  const zeros = /0*$/.exec(comparable(statement))?.[0].length ?? 0;
  return zeros === 0 ? 0 : 10 ** zeros / 2;
}
