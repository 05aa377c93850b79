import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { memberEntry } from '../../core/member-entry.ts';
import { incomplete } from '../../core/problem.ts';
import { memorySource } from '../../formats/memory-source.ts';
import { isPickle } from '../../formats/pickle/is-pickle.ts';
import { recognise } from '../../formats/recognise.ts';
import { isPackaged } from '../is-packaged.ts';
import { withinBudget } from '../member-budget.ts';
import { packingOf, type Packing } from './packing.ts';
import { bomb, notExamined, compressedRules } from './rules.ts';
import { unpack, unpackStart, canUnpack } from './unpack.ts';

/** Names of weights and of what a loader takes apart, packed or not. */
const weightNames =
  /\.(?:pkl|pickle|joblib|dill|sav|pt|pth|ckpt|bin|h5|hdf5|keras|npy|npz|onnx|pb|tflite|safetensors|gguf|ggml|model|nemo|mar|params|weights|pdparams|msgpack)(?:\.(?:gz|z|zst|xz|lzma|bz2|lz4|7z|rar|tar))*$/i;
const packedNames = /\.(?:gz|z|zz|zlib|zst|zstd|xz|lzma|bz2|lz4)$/i;
/** An extension; the end of a version, as in `model-1.2`, is none. */
const extension = /[^/]\.(?!v?\d+$)\w{1,12}$/i;
/** Packed text without a name of weights is unpacked up to this size: the shards of a corpus are not read. */
const smallText = 8 * 1024 * 1024;

/** Files that are packed as a whole: what is in them becomes a member; what cannot be unpacked is said. */
export const compressed: FileCollector = {
  id: 'compressed',
  version: 1,
  rules: compressedRules,
  wants: ({ path, size }, head) => packingOf(path, head, size) !== undefined,
  async collect(entry): Promise<Collected> {
    const packing = packingOf(entry.path, await entry.head(limits.headBytes), entry.size);
    if (!packing) return { facts: [], problems: [], findings: [] };
    return canUnpack(packing.format) ? collectUnpacked(entry, packing) : collectPacked(entry, packing.format);
  },
};

/** Nothing is known of the content; of weights that is a finding. */
function collectPacked(entry: Entry, format: string): Collected {
  const reason = `packed as ${format}, which is not unpacked here`;
  // joblib gives its packed files any name, often without an extension; packages bring such files for their own tests.
  const mayBeWeights = weightNames.test(entry.path) || !extension.test(entry.path);
  const isWeights = mayBeWeights && !isPackaged(entry.path);
  return {
    facts: [],
    problems: [incomplete('packed', entry.path, reason)],
    findings: isWeights ? [finding(notExamined, entry.path, `It is ${reason}`, { offset: 0 })] : [],
  };
}

async function collectUnpacked(entry: Entry, packing: Packing): Promise<Collected> {
  if (!(await isWorthIt(entry, packing))) return { facts: [], problems: [], findings: [] };
  const { bytes, more, packed } = await unpack(entry, packing);
  const isBomb = bytes.length > 1024 * 1024 && bytes.length > limits.unpackedRatio * packed;
  const ratio = `more than ${limits.unpackedRatio} bytes come out of each`;
  const findings = isBomb
    ? [finding(bomb, entry.path, `It is packed as ${packing.format}, and ${ratio}`)]
    : [];
  const problems = more
    ? [
        incomplete(
          'unpacked-size',
          entry.path,
          `only the first ${bytes.length} unpacked bytes were looked at`,
        ),
      ]
    : [];
  const facts: Collected['facts'] = [];
  if (isBomb || bytes.length === 0) return { facts, problems, findings };
  const member = memberEntry(entry, innerName(entry.path), memorySource(bytes));
  return { facts, problems, findings, children: withinBudget(entry, [member]) };
}

/** A corpus of packed text would take hours and tell nothing; whatever else is in there may be loaded. */
async function isWorthIt(entry: Entry, packing: Packing): Promise<boolean> {
  if (entry.size <= smallText || weightNames.test(entry.path)) return true;
  const start = await unpackStart(entry, packing);
  return (
    start === undefined ||
    recognise(start, Number.MAX_SAFE_INTEGER) !== undefined ||
    isPickle(start) ||
    start.includes(0)
  );
}

/** `model.pkl.gz` holds `model.pkl`, and so does a `model.pkl` that is packed itself. */
function innerName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.t(?:gz|zst|lz4)$/i.test(name)) return name.replace(/\.t\w+$/i, '.tar');
  return name.replace(packedNames, '') || name;
}
