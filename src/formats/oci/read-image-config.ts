import type { Digest } from '../../core/digest.ts';
import type { HistoryLine, ImageConfig } from '../../core/image.ts';
import { isObject, parseJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { parseDigest } from './digest.ts';
import { listMember, memberOf, objectMember, stringMapMember, textMember, textsMember } from './members.ts';
import { malformed, ociError } from './oci-error.ts';
import { readPlatform } from './read-descriptor.ts';

/**
 * The configuration of an image (OCI image-spec 1.1, config.md; Docker's image-spec 1.2). What is absent is empty.
 * @param what for messages: `the configuration sha256:…`
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`, `E_UNSUPPORTED`
 */
export function readImageConfig(bytes: Uint8Array, what = 'the configuration'): ImageConfig {
  if (bytes.length > limits.imageManifestBytes) {
    throw ociError('E_LIMIT', 'config-bytes', what, `larger than ${limits.imageManifestBytes} bytes`);
  }
  const document = parseJsonObject(bytes, { subject: what });
  const runtime = objectMember(document, 'config', what) ?? {};
  const texts = {
    created: textMember(document, 'created', what),
    author: textMember(document, 'author', what),
    user: textMember(runtime, 'User', what),
    workingDirectory: textMember(runtime, 'WorkingDir', what),
    platform: readPlatform(document, what),
  };
  return {
    ...(present(texts) as Pick<ImageConfig, keyof typeof texts>),
    env: textsMember(runtime, 'Env', what),
    entrypoint: wordsOf(runtime, 'Entrypoint', what),
    cmd: wordsOf(runtime, 'Cmd', what),
    labels: stringMapMember(runtime, 'Labels', what),
    exposedPorts: Object.keys(objectMember(runtime, 'ExposedPorts', what) ?? {}),
    volumes: Object.keys(objectMember(runtime, 'Volumes', what) ?? {}),
    diffIds: diffIdsOf(objectMember(document, 'rootfs', what) ?? {}, what),
    history: historyOf(document, what),
  };
}

/** Docker has always taken one text for a list of one. */
function wordsOf(runtime: JsonObject, name: string, what: string): readonly string[] {
  const value = memberOf(runtime, name, what);
  if (typeof value === 'string') return value === '' ? [] : [value];
  return textsMember(runtime, name, what);
}

function diffIdsOf(rootfs: JsonObject, what: string): readonly Digest[] {
  const type = textMember(rootfs, 'type', what);
  if (type !== undefined && type !== 'layers') {
    throw ociError('E_UNSUPPORTED', 'rootfs-type', what, 'its root file system is not made of layers');
  }
  const texts = textsMember(rootfs, 'diff_ids', what);
  if (texts.length > limits.imageLayers) {
    throw ociError('E_LIMIT', 'layers', what, `${texts.length} layers, more than ${limits.imageLayers}`);
  }
  return texts.map((text, at) => parseDigest(text, `${what}, diffID ${at + 1} of ${texts.length}`));
}

function historyOf(document: JsonObject, what: string): readonly HistoryLine[] {
  const list = listMember(document, 'history', what);
  if (list.length > limits.imageDescriptors) {
    throw ociError(
      'E_LIMIT',
      'history',
      what,
      `${list.length} lines of history, more than ${limits.imageDescriptors}`,
    );
  }
  return list.map((line) => historyLine(line, what));
}

function historyLine(line: JsonValue, what: string): HistoryLine {
  if (!isObject(line)) throw malformed('type', what, 'a line of its history is no object');
  const empty = memberOf(line, 'empty_layer', what) ?? false;
  if (typeof empty !== 'boolean')
    throw malformed('type', what, 'an empty_layer of its history is neither true nor false');
  const texts = {
    createdBy: textMember(line, 'created_by', what),
    created: textMember(line, 'created', what),
    comment: textMember(line, 'comment', what),
    author: textMember(line, 'author', what),
  };
  return { ...present(texts), emptyLayer: empty };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
