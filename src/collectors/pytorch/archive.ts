import { nothing, type Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { readPickle } from '../../formats/pickle/read-pickle.ts';
import { pytorchObject, type PytorchObject } from '../../formats/pytorch-object.ts';
import { readPytorchZip, textMember, type PytorchZip } from '../../formats/pytorch-zip.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import type { ZipMember } from '../../formats/zip/zip-types.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { describe } from './describe.ts';
import { nativeCode } from './rules.ts';
import { readScript } from './script.ts';
import { pytorchTable, type PytorchTable, type StoragePlace } from './table.ts';

const by = 'pytorch';
const nativeName = /\.(?:so(?:\.\d+)*|dll|dylib|pyd)$/;

/** The zip that `torch.save` (since 1.6), `torch.jit.save` and `torch.export.save` write. */
export async function collectArchive(entry: Entry): Promise<Collected> {
  const archive = await readPytorchZip(entry);
  if (!archive) return nothing;
  const observed = attributesFrom(entry.path, by, 'observed');
  const declared = attributesFrom(entry.path, by);
  observed.add('mlbom:model:format', archive.kind);
  await addHeader(entry, archive, observed);
  const findings = nativeFindings(entry, archive);
  if (archive.kind === 'pt2') {
    // The tensors of older ones lie in archives of their own inside, and are described from there.
    const problems = archive.members.has('serialized_state_dict.pt') ? [] : [notListed(entry)];
    return describe(entry, { observed, declared, findings, problems });
  }
  const script = archive.kind === 'torchscript' ? await readScript(entry, archive) : undefined;
  observed.add('mlbom:model:custom-operators', script?.foreign.join(', '), 'code');
  const object = await objectOf(entry, archive, 'data.pkl', 'data/');
  const constants = await objectOf(entry, archive, 'constants.pkl', 'constants/');
  return describe(entry, {
    observed,
    declared,
    object: object.object,
    tables: [object, constants].flatMap(({ table }) => table ?? []),
    isWhole: archive.kind === 'torchscript',
    findings: [...findings, ...(script?.findings ?? [])],
    problems: [...(script?.problems ?? []), ...object.problems, ...constants.problems],
  });
}

async function addHeader(entry: Entry, archive: PytorchZip, attributes: AttributeList): Promise<void> {
  const version = await textMember(entry, archive, archive.kind === 'pt2' ? 'archive_version' : 'version');
  attributes.add(
    'mlbom:model:format-version',
    version ?? (await textMember(entry, archive, 'version')),
    'version',
  );
  for (const [name, key] of [
    ['byteorder', 'byte-order'],
    ['.format_version', 'zip-format-version'],
    ['.data/serialization_id', 'serialization-id'],
  ] as const) {
    const value = await textMember(entry, archive, name);
    if (value !== undefined) attributes.add('mlbom:model:header', `${key}=${value}`, name);
  }
  if (archive.members.has('bytecode.pkl'))
    attributes.add('mlbom:model:header', 'mobile=true', 'bytecode.pkl');
  if (archive.kind !== 'pt2') return;
  const models = [...archive.members.keys()].filter((name) => /^models\/[^/]+\.json$/.test(name));
  if (models.length > 0) attributes.add('mlbom:model:header', `models=${models.length}`, 'models');
}

function nativeFindings(entry: Entry, { members }: PytorchZip): Finding[] {
  const libraries = [...members].filter(([name]) => nativeName.test(name));
  const [first] = libraries;
  if (!first) return [];
  const [name, { offset }] = first;
  const more = libraries.length > 1 ? ` and ${libraries.length - 1} more` : '';
  return [
    finding(nativeCode, entry.path, `${name.slice(0, 200)}${more}`, { offset, symbol: name.slice(0, 200) }),
  ];
}

function notListed(entry: Entry): Problem {
  return incomplete(
    'pytorch-pt2-tensors',
    entry.path,
    'the tensors of this exported program were not listed',
  );
}

interface ArchivedObject {
  readonly object?: PytorchObject;
  readonly table?: PytorchTable;
  readonly problems: readonly Problem[];
}

/** One of the pickles of the archive, with the storages that belong to it. */
async function objectOf(
  entry: Entry,
  { members }: PytorchZip,
  name: string,
  folder: string,
): Promise<ArchivedObject> {
  const member = members.get(name);
  if (!member) return { problems: [] };
  const { values, anomalies } = await readPickle(memberSource(entry, member), { streams: 1 });
  const [value] = values;
  const stopped = anomalies.find(({ kind }) => kind === 'limit' || kind === 'broken');
  const reason = `${name}: ${stopped?.message ?? 'no pickle'}: not all tensors are listed`;
  const problems = value && !stopped ? [] : [incomplete('pytorch-pickle', entry.path, reason)];
  if (!value) return { problems };
  const object = pytorchObject(
    folder === 'constants/' ? { kind: 'dict', entries: [[constantsKey, value]] } : value,
  );
  const places = new Map<string, StoragePlace>();
  for (const [path, storage] of members) {
    if (path.startsWith(folder)) places.set(path.slice(folder.length), placeOf(storage));
  }
  return { object, table: pytorchTable(entry, object, places), problems };
}

/** The tensors of `constants.pkl` have numbers for names. */
const constantsKey = { kind: 'text', value: 'constants' } as const;

function placeOf({ method, encrypted, data, size, compressedSize }: ZipMember): StoragePlace {
  const isPlain = method === 0 && !encrypted && size === compressedSize;
  return { bytes: size, ...(isPlain && data ? { range: data } : {}) };
}
