import type { ByteSource } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { inflateAll } from '../../formats/inflate/inflate.ts';
import { memorySource } from '../../formats/memory-source.ts';
import { unescapeString, unescapeUnicode } from '../../formats/pickle/escapes.ts';
import type { Pickle, PickleConstant } from '../../formats/pickle/pickle.ts';
import { readPickle } from '../../formats/pickle/read-pickle.ts';
import { decodeText, encodingOf, mayHoldPickle, type ConstantEncoding } from './constant-encoding.ts';
import { judgeGlobal } from './judge-global.ts';
import { nestedPayload, notInFull } from './rules.ts';

/** What may still be looked into, over all constants of one file. */
interface Budget {
  bytes: number;
  /** True once something was too much. */
  exceeded: boolean;
}

/** Findings about pickles in constants of a pickle: as they stand, compressed, or as text; also in one another. */
export async function nestedFindings(source: ByteSource, pickle: Pickle, path: string): Promise<Finding[]> {
  const budget: Budget = { bytes: limits.pickleNestedTotal, exceeded: false };
  const findings: Finding[] = [];
  for (const constant of pickle.constants) {
    const { offset, length } = constant;
    const found = await examine(await bytesOf(source, constant, budget), 1, [], budget);
    if (!found) continue;
    const how = found.wrapped.length === 0 ? '' : ` (${found.wrapped.join(', then ')})`;
    const message = `A constant${how} holds a pickle that ${found.does} ${found.symbol}`;
    findings.push(finding(nestedPayload, path, message, { offset, length, symbol: found.symbol }));
  }
  if (budget.exceeded) {
    const message = `Its constants hold more than ${limits.pickleNestedTotal} bytes that may be pickles`;
    findings.push(finding(notInFull, path, message));
  }
  return findings;
}

interface Payload {
  readonly symbol: string;
  readonly does: 'calls' | 'imports';
  readonly wrapped: readonly ConstantEncoding[];
}

/** The worst that a pickle in these bytes does; undefined where there is none, or nothing bad in it. */
async function examine(
  bytes: Uint8Array,
  depth: number,
  wrapped: readonly ConstantEncoding[],
  budget: Budget,
): Promise<Payload | undefined> {
  const encoding = encodingOf(bytes.subarray(0, 64));
  if (encoding === undefined || encoding === 'zip' || wrapped.length > limits.pickleNesting) return undefined;
  if (encoding !== 'pickle') {
    const inner = await unwrap(bytes, encoding, budget);
    return inner && examine(inner, depth, [...wrapped, encoding], budget);
  }
  const source = memorySource(bytes);
  const pickle = await readPickle(source, { keeps: mayHoldPickle });
  const worst = worstOf(pickle);
  if (worst) return { ...worst, wrapped };
  if (depth >= limits.pickleNesting) return undefined;
  for (const constant of pickle.constants) {
    const found = await examine(await bytesOf(source, constant, budget), depth + 1, wrapped, budget);
    if (found) return found;
  }
  return undefined;
}

function worstOf({ globals }: Pickle): Pick<Payload, 'symbol' | 'does'> | undefined {
  const bad = globals.filter(({ module, name }) =>
    ['dangerous', 'dynamic'].includes(judgeGlobal(module, name).verdict),
  );
  const worst = bad.find(({ called }) => called) ?? bad[0];
  return worst && { symbol: `${worst.module}.${worst.name}`, does: worst.called ? 'calls' : 'imports' };
}

/** The first bytes of a constant, as many as are looked into. */
async function bytesOf(
  source: ByteSource,
  { offset, length, escapes }: PickleConstant,
  budget: Budget,
): Promise<Uint8Array> {
  const bytes = await source.read({ offset, length: allowed(length, budget) });
  if (escapes === undefined) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(escapes === 'string' ? unescapeString(text) : unescapeUnicode(text), 'latin1');
}

async function unwrap(
  bytes: Uint8Array,
  encoding: ConstantEncoding,
  budget: Budget,
): Promise<Uint8Array | undefined> {
  if (encoding !== 'zlib' && encoding !== 'gzip') return decodeText(bytes, encoding);
  try {
    const { bytes: inflated, more } = await inflateAll(
      memorySource(bytes),
      encoding,
      Math.min(limits.pickleNestedBytes, budget.bytes),
    );
    budget.bytes -= inflated.length;
    if (more) budget.exceeded = true;
    return inflated;
  } catch (error) {
    // Bytes that only begin like it.
    if (isMlbomError(error)) return undefined;
    throw error;
  }
}

function allowed(length: number, budget: Budget): number {
  const most = Math.min(length, limits.pickleNestedBytes, budget.bytes);
  if (most < length) budget.exceeded = true;
  budget.bytes -= most;
  return most;
}
