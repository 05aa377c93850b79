import type { ByteRange, Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { readPickle } from '../../formats/pickle/read-pickle.ts';
import { subrange } from '../../formats/subrange.ts';
import { isZip } from '../../formats/zip/is-zip.ts';
import { globalFindings } from './global-findings.ts';
import { isLegacyTorch, legacyTorchStreams } from './legacy-torch.ts';
import { observe } from './observations.ts';
import { dangerousCalled } from './rules.ts';

/**
 * Findings about bytes that `torch.storage._load_from_bytes` is given: PyTorch unpickles whatever is no zip, however it
 * begins. A zip, and a file of PyTorch's old format, is a member of its own.
 */
export async function loadedFindings(entry: Entry, loaded: readonly ByteRange[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { offset, length } of distinct(loaded)) {
    const bytes = subrange(entry, { offset, length });
    const head = await bytes.read({ offset: 0, length: Math.min(length, 16) });
    if (length >= smallestFile && (isZip(head) || isLegacyTorch(head))) continue;
    const seen = observe();
    // A storage follows the five pickles of PyTorch's old format.
    const read = await readPickle(bytes, { streams: legacyTorchStreams, search: false, watch: seen.watch });
    const unread = !(read.streams[0]?.whole ?? false) || seen.loaded.length > 0;
    if (unread) {
      const message = `Loading it loads ${length} bytes of it that cannot be read as a pickle`;
      findings.push(finding(dangerousCalled, entry.path, message, { offset, length, symbol }));
    }
    for (const found of globalFindings(read, seen, entry))
      findings.push({ ...found, ...(found.offset === undefined ? {} : { offset: offset + found.offset }) });
  }
  return findings;
}

/** A zip without members has 22 bytes. */
export const smallestFile = 22;
const symbol = 'torch.storage._load_from_bytes';

function distinct(ranges: readonly ByteRange[]): Iterable<ByteRange> {
  return new Map(ranges.map((range) => [range.offset, range])).values();
}
