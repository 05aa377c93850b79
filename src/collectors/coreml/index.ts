import type { Collected, FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { DeclaredTensor, Relation } from '../../core/fact.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf, siblingOf } from '../../core/path.ts';
import { shortened } from '../../core/shortened.ts';
import { readCoreml, type CoremlModel } from '../../formats/coreml/read-coreml.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';
import { readJsonFile } from '../json-file.ts';
import { unreadWeights } from '../unread-weights.ts';
import { weightsFact } from '../weights-fact.ts';
import { coremlRules, customClass, escapingBlob } from './rules.ts';

const most = 64;
const manifestEnd = '.mlpackage/Manifest.json';
/** What a program calls the directory of its own file. */
const modelPath = '@model_path/';
/** The description of a blob, which precedes its bytes. */
const blobHeader = 64;

/** Core ML models: single files, and packages with a program and its weights. */
export const coreml: FileCollector = {
  id: 'coreml',
  version: 1,
  rules: coremlRules,
  wants: ({ path }, head) =>
    (head.length > 0 && path.endsWith('.mlmodel')) ||
    isCoreml(head) ||
    isBlobFile(head) ||
    isManifest(path, head),
  unread: (entry) => unreadWeights(entry, 'coreml'),
  async collect(entry): Promise<Collected> {
    const head = await entry.head(limits.headBytes);
    if (isManifest(entry.path, head)) return collectManifest(entry);
    if (isBlobFile(head)) return collectBlobs(entry, head);
    return collectModel(entry);
  },
};

/** A specification version and then a description that begins with an input or metadata: no ONNX model does. */
function isCoreml(head: Uint8Array): boolean {
  if (head[0] !== 0x08 || (head[1] ?? 0) === 0 || (head[1] ?? 0) > 32 || head[2] !== 0x12) return false;
  let at = 3;
  while ((head[at] ?? 0) >= 0x80 && at < 8) at++;
  // Field 1, a message, whose own first field is a name.
  if (head[at + 1] !== 0x0a) return false;
  at += 2;
  while ((head[at] ?? 0) >= 0x80 && at < 16) at++;
  return head[at + 1] === 0x0a;
}

/** MIL's blob storage: a header of 64 bytes, then the first description, which begins with 0xdeadbeef. */
function isBlobFile(head: Uint8Array): boolean {
  if (head[64] !== 0xef || head[65] !== 0xbe || head[66] !== 0xad || head[67] !== 0xde) return false;
  return (head[4] === 1 || head[4] === 2) && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

function isManifest(path: string, head: Uint8Array): boolean {
  return head[0] === 0x7b && path.endsWith(manifestEnd);
}

async function collectModel(entry: Entry): Promise<Collected> {
  const model = await readCoreml(entry);
  const observed = attributesFrom(entry.path, 'coreml', 'observed');
  addObserved(model, observed);
  const declared = attributesFrom(entry.path, 'coreml');
  addDeclared(model, declared);
  const files = new Map<string, number>();
  const findings: Finding[] = customFindings(entry, model);
  const tensors: DeclaredTensor[] = [];
  for (const { name, dtype, shape, file, offset } of model.constants) {
    // Where the bytes begin stands in the blob file alone.
    tensors.push({ name, dtype, shape: shape.map((size) => Math.max(0, size)), offset: 0, length: 0 });
    const inside = locationOf(file);
    if (inside === undefined) {
      if (findings.length < most)
        findings.push(
          finding(escapingBlob, entry.path, `${shortened(name, 120)} lies outside the package`, {
            symbol: name,
          }),
        );
    } else {
      const path = siblingOf(entry.path, inside);
      files.set(path, Math.max(files.get(path) ?? 0, offset + blobHeader));
    }
  }
  const relations = [...files].slice(0, limits.shards).map(([path, bytes]): Relation => ({
    type: 'part',
    path,
    bytes,
    evidence: observed.evidence('mlProgram'),
  }));
  return weightsFact(entry, [observed, declared], {
    relations,
    tensors: tensors.length > 0 ? { tensors } : undefined,
    findings,
  });
}

/** The path within the package; undefined for one that leaves it. */
function locationOf(file: string): string | undefined {
  const path = file.startsWith(modelPath) ? file.slice(modelPath.length) : file;
  const leaves =
    path.startsWith('/') ||
    path.includes('\\') ||
    path.split('/').some((part) => part === '..' || part === '');
  return leaves ? undefined : path;
}

function addObserved(model: CoremlModel, attributes: AttributeList): void {
  attributes.add('mlbom:model:format', 'coreml');
  attributes.add(
    'mlbom:model:format-version',
    `specification ${model.specificationVersion}`,
    'specificationVersion',
  );
  attributes.add('modelArchitecture', model.kinds[0], 'Type');
  attributes.add('inputs', model.inputs.slice(0, most), 'description/input');
  attributes.add('outputs', model.outputs.slice(0, most), 'description/output');
  attributes.add('mlbom:model:opsets', model.opsets.slice(0, most).join(', '), 'mlProgram');
  attributes.add('mlbom:model:operators', model.operators.slice(0, most).join(', '), 'mlProgram');
  for (const name of model.customClasses.slice(0, most))
    attributes.add('mlbom:model:classes', name, 'className');
  if (model.updatable) attributes.add('mlbom:model:header', 'updatable=true', 'isUpdatable');
  attributes.add('mlbom:model:portability', `Core ML, specification ${model.specificationVersion} or later`);
}

function addDeclared(model: CoremlModel, attributes: AttributeList): void {
  const at = 'description/metadata';
  attributes.add('description', model.description, at);
  attributes.add('version', model.version, at);
  attributes.add('authors', model.author.trim() === '' ? [] : [{ name: model.author }], at);
  attributes.add('license', model.license.trim() === '' ? undefined : { license: model.license }, at);
  const tools = model.userDefined.get('com.github.apple.coremltools.version');
  attributes.add('mlbom:model:producer', tools === undefined ? undefined : `coremltools ${tools}`, at);
  const others = [...model.userDefined].filter(([key]) => key !== 'com.github.apple.coremltools.version');
  for (const [key, value] of others.slice(0, most))
    attributes.add(
      'mlbom:model:provenance',
      `${shortened(key, 120)}=${shortened(value, limits.provenanceText)}`,
      at,
    );
}

function customFindings({ path }: Entry, { customClasses }: CoremlModel): Finding[] {
  return customClasses.slice(0, most).map((name) =>
    finding(customClass, path, `It runs the class ${shortened(name, 120) || 'without a name'}`, {
      symbol: name,
    }),
  );
}

/** The weights of a program; which blob is what, the program says. */
function collectBlobs(entry: Entry, head: Uint8Array): Collected {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const observed = attributesFrom(entry.path, 'coreml', 'observed');
  observed.add('mlbom:file:format', 'coreml-weights');
  observed.add('mlbom:file:format-version', String(view.getUint32(4, true)));
  observed.add('mlbom:file:header', `blobs=${view.getUint32(0, true)}`);
  return { facts: [fileFact(entry.path, [observed])], problems: [], findings: [] };
}

/** `Manifest.json` of a package: the directory is what people know the model by. */
async function collectManifest(entry: Entry): Promise<Collected> {
  const content = await readJsonFile(entry, limits.configBytes);
  const directory = directoryOf(entry.path);
  const declared = attributesFrom(entry.path, 'coreml');
  declared.add('name', nameOf(directory).replace(/\.mlpackage$/, ''), 'directory');
  const version = textAt(content, 'fileFormatVersion');
  declared.add(
    'mlbom:model:header',
    version === undefined ? undefined : `mlpackage=${version}`,
    'fileFormatVersion',
  );
  return {
    facts: [
      {
        about: { kind: 'directory', path: directory },
        type: 'file',
        attributes: declared.list,
        relations: [],
      },
    ],
    problems: [],
    findings: [],
  };
}
