import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { incomplete } from '../../core/problem.ts';
import { recognise } from '../../formats/recognise.ts';
import { isPortableExecutable } from '../../formats/is-portable-executable.ts';
import { isZip } from '../../formats/zip/is-zip.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import type { Zip } from '../../formats/zip/zip-types.ts';
import { attributesFrom } from '../attributes.ts';
import { withinBudget } from '../member-budget.ts';
import { anomalyFindings } from './anomaly-findings.ts';
import { membersOf } from './members.ts';
import { tooManyMembers, twoFormats, zipRules } from './rules.ts';

/** Nothing but a zip has these names; a zip that something else begins is known by its end. */
const zipNames = /\.(?:zip|keras|npz|whl|jar|skops|pt2|llamafile)$/i;
/** Zips and other things have these names. */
const maybeZipNames = /\.(?:pt|pth|bin|ckpt|mar|nemo)$/i;
/** Formats of weights and data; an executable that unpacks itself is told by its own rule. */
const otherContent = new Set([
  'pickle',
  'safetensors',
  'gguf',
  'hdf5',
  'npy',
  'tar',
  'onnx',
  'tflite',
  'parquet',
]);

/** Zip archives: what they are made of, everything over which readers disagree, and their members for the others. */
export const zip: FileCollector = {
  id: 'zip',
  version: 1,
  rules: zipRules,
  wants: ({ path, size }, head) =>
    isZip(head) ||
    isPortableExecutable(head) ||
    (head.length > 0 && size >= 22 && (zipNames.test(path) || maybeZipNames.test(path))),
  async collect(entry): Promise<Collected> {
    const head = await entry.head(limits.headBytes);
    const certain = isZip(head) || zipNames.test(entry.path);
    try {
      return await collectZip(entry, head, await readZip(entry));
    } catch (error) {
      if (!isMlbomError(error)) throw error;
      if (error.rule === 'zip-members') return tooMany(entry, error.message);
      if (!certain && (error.rule === 'zip-end' || error.rule === 'zip-directory')) return nothing;
      throw error;
    }
  },
};

async function collectZip(entry: Entry, head: Uint8Array, archive: Zip): Promise<Collected> {
  const derived = attributesFrom(entry.path, 'zip', 'derived');
  derived.add('mlbom:file:format', 'zip');
  derived.add('mlbom:file:header', `members=${archive.members.length}`);
  const findings = [...formatFindings(entry, head, archive), ...(await anomalyFindings(entry, archive))];
  // Of an archive in another file nobody asks for the format.
  const about = { kind: 'file', path: entry.path } as const;
  const facts =
    entry.container === undefined
      ? [{ about, type: 'file', attributes: derived.list, relations: [] } as const]
      : [];
  return { facts, problems: [], findings, children: withinBudget(entry, membersOf(entry, archive)) };
}

function formatFindings(entry: Entry, head: Uint8Array, { prefix }: Zip): Finding[] {
  const format = prefix > 0 ? recognise(head, entry.size) : undefined;
  if (format === undefined || !otherContent.has(format)) return [];
  const message = `It begins as ${format} and ends as a zip`;
  return [finding(twoFormats, entry.path, message, { offset: prefix })];
}

function tooMany(entry: Entry, reason: string): Collected {
  const message = `It has more than ${limits.archiveMembers} members`;
  return {
    facts: [],
    problems: [incomplete('archive-members', entry.path, reason)],
    findings: [finding(tooManyMembers, entry.path, message)],
  };
}
