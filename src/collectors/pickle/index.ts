import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { ByteRange, Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { memberEntry } from '../../core/member-entry.ts';
import { incomplete } from '../../core/problem.ts';
import { beginsWithOpcodes } from '../../formats/pickle/begins-with-opcodes.ts';
import { hasProtocol, isOpcode, isPickle } from '../../formats/pickle/is-pickle.ts';
import type { Pickle, PickleConstant } from '../../formats/pickle/pickle.ts';
import { readPickle } from '../../formats/pickle/read-pickle.ts';
import { recognise } from '../../formats/recognise.ts';
import { subrange } from '../../formats/subrange.ts';
import { isZip } from '../../formats/zip/is-zip.ts';
import { withinBudget } from '../member-budget.ts';
import { anomalyFindings, anomalyProblems } from './anomaly-findings.ts';
import { isZlib, mayHoldPickle } from './constant-encoding.ts';
import { isPackaged } from '../is-packaged.ts';
import { pickleFacts } from './facts.ts';
import { globalFindings } from './global-findings.ts';
import { judgeGlobal } from './judge-global.ts';
import { isLegacyTorch, legacyTorchStreams } from './legacy-torch.ts';
import { loadedFindings, smallestFile } from './loaded-constants.ts';
import { nestedFindings } from './nested.ts';
import { observe } from './observations.ts';
import { dangerousCalled, dangerousImported, noPickle, pickleRules } from './rules.ts';

/**
 * Pickles, also as joblib and dill write them and as members of archives: what loading them imports and calls.
 * Whatever the name, the content counts; a name only makes a file that looks like nothing else worth a try.
 */
export const pickle: FileCollector = {
  id: 'pickle',
  version: 1,
  rules: pickleRules,
  wants({ path, size }, head) {
    if (head.length === 0) return false;
    return looksLikePickle(path, size, head) || mayBeLoaded(path, size, head);
  },
  async collect(entry): Promise<Collected> {
    const head = await entry.head(limits.headBytes);
    const seen = observe();
    const loud = looksLikePickle(entry.path, entry.size, head);
    const streams = isLegacyTorch(head) ? { streams: legacyTorchStreams } : {};
    // Of gigabytes that only might be a pickle, the beginning decides.
    const search = hasProtocol(head) || (loud && pickleNames.test(entry.path));
    const read = await readPickle(entry, { keeps: mayHoldPickle, watch: seen.watch, search, ...streams });
    if (!hasProtocol(head) && !isPickleAfterAll(read))
      return loud && pickleNames.test(entry.path) ? unexaminable(entry, read) : nothing;
    const findings = [
      ...globalFindings(read, seen, entry),
      ...(await loadedFindings(entry, seen.loaded)),
      ...(await nestedFindings(entry, read, entry.path)),
      ...anomalyFindings(read, entry.path),
    ];
    const children = filesIn(entry, loud ? read.constants : [], seen.loaded);
    const inside = children.length === 0 ? {} : { children: withinBudget(entry, inTurn(children)) };
    // Of a file of another format, only what makes it an attack is of interest.
    const isWhole = read.streams.some(({ offset, whole }) => whole && offset === 0) && !isZip(head);
    if (!loud)
      return {
        facts: [],
        problems: [],
        findings: findings.filter((found) => isGrave(found, isWhole)),
        ...inside,
      };
    return {
      facts: pickleFacts(entry, read, seen),
      problems: anomalyProblems(read, entry.path),
      findings,
      ...inside,
    };
  },
};

/** By its first bytes; a name makes those enough that nothing else begins with. */
function looksLikePickle(path: string, size: number, head: Uint8Array): boolean {
  if (hasProtocol(head)) return true;
  if (pickleNames.test(path) && !isPacked(head) && recognise(head, size) === undefined) return true;
  if (!isOpcode(head[0] ?? 0)) return false;
  return isPickle(head) || (maybeNames.test(path) && recognise(head, size) === undefined);
}

/** Whatever else a file is: what its name makes a program unpickle, and what can be unpickled. */
function mayBeLoaded(path: string, size: number, head: Uint8Array): boolean {
  const named =
    loadedNames.test(path) || (size <= largestNameless && nameless.test(path) && !isPackaged(path));
  return named && beginsWithOpcodes(head, size);
}

/**
 * Prose has lines that could import something, of a name that nothing has; and where opcodes are the bytes of a zip,
 * something is called that nothing made. What is known to be dangerous is not there by chance.
 */
function isGrave({ rule, symbol = '' }: Finding, isWhole: boolean): boolean {
  if (!isWhole && rule !== dangerousCalled.id && rule !== dangerousImported.id) return false;
  if (!/^[\w.<> ]*$/.test(symbol)) return false;
  const severity = pickleRules.find(({ id }) => id === rule)?.severity;
  return severity === 'high' || severity === 'critical';
}

/** What programs give to an unpickler. */
const loadedNames = /\.(?:pkl|pickle|joblib|dill|pck|pcl|p|jl|sk|pt|pth|bin|ckpt|pth\.tar)$/i;
const nameless = /(?:^|\/)\.?[^./]+$/;
const largestNameless = 64 * 1024 * 1024;

/** Nothing but a pickle has these names. */
const pickleNames = /\.(?:pkl|pickle|joblib|dill|pck|pcl|p)$/i;
/** Pickles and other things have these names. */
const maybeNames = /\.(?:pt|pth|bin|ckpt|model|sav|dat|data|th|t7|p2|weights|params|pdparams|meta|cache)$/i;

/** Compression that joblib uses and that has no proper signature; no opcode begins so. */
function isPacked(head: Uint8Array): boolean {
  const [first, second, third] = head;
  const isLzma = first === 0x5d && second === 0 && third === 0;
  return isLzma || isZlib(head) || Buffer.from(head.subarray(0, 4)).toString('latin1') === 'ZF0x';
}

/** Text may begin like a pickle: one that is none breaks off at once, and imports nothing that is known to be bad. */
function isPickleAfterAll({ streams, globals, anomalies }: Pickle): boolean {
  return (
    streams.some(({ whole }) => whole) ||
    anomalies.some(({ kind }) => kind === 'limit') ||
    globals.some(({ module, name }) => judgeGlobal(module, name).verdict === 'dangerous')
  );
}

function unexaminable({ path }: Entry, read: Pickle): Collected {
  const [first] = read.anomalies;
  const offset = first?.offset ?? 0;
  const why = first?.message ?? 'it is empty';
  return {
    facts: [],
    problems: [incomplete('pickle-broken', path, `pickle: ${why} (at ${offset})`)],
    findings: [
      finding(noPickle, path, `It is named like a pickle and is none that can be read: ${why}`, { offset }),
    ],
  };
}

/** Constants that are files: a tensor in a plain pickle is a PyTorch file, which loading it loads. */
function filesIn(
  entry: Entry,
  constants: readonly PickleConstant[],
  loaded: readonly ByteRange[],
): FileConstant[] {
  const files = [...constants.filter(({ kind }) => kind === 'bytes'), ...loaded]
    .filter(({ length }) => length >= smallestFile)
    .map(({ offset, length }): [number, FileConstant] => [offset, { entry, offset, length }]);
  return [...new Map(files).values()];
}

interface FileConstant {
  readonly entry: Entry;
  readonly offset: number;
  readonly length: number;
}

async function* inTurn(constants: readonly FileConstant[]): AsyncGenerator<Entry> {
  for (const { entry, offset, length } of constants) {
    const bytes = subrange(entry, { offset, length });
    const head = await bytes.read({ offset: 0, length: Math.min(length, 16) });
    if (isZip(head) || isLegacyTorch(head)) yield memberEntry(entry, `constant-${offset}`, bytes);
  }
}
