import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { ProtobufReader } from '../../formats/protobuf.ts';
import { attributesFrom } from '../attributes.ts';
import { fileFact } from '../file-fact.ts';

/** Numbers of a `FingerprintDef` (tensorflow/core/protobuf/fingerprint.proto). */
const names = [
  undefined,
  'saved_model_checksum',
  'graph_def_program_hash',
  'signature_def_hash',
  'saved_object_graph_hash',
  'checkpoint_hash',
] as const;
const uuid = 7;

/** `fingerprint.pb`: what TensorFlow says identifies the SavedModel beside it. */
export async function collectFingerprint(entry: Entry): Promise<Collected> {
  const reader = new ProtobufReader(entry);
  const attributes = attributesFrom(entry.path, 'tensorflow', 'observed');
  attributes.add('mlbom:file:format', 'tensorflow-fingerprint');
  await reader.message({ offset: 0, length: entry.size }, ({ number, wire, varint, range }) => {
    const name = names[number];
    if (name !== undefined && wire === 'varint')
      attributes.add('mlbom:file:header', `${name}=${varint}`, name);
    if (number !== uuid || wire !== 'bytes') return undefined;
    return reader.text(range, limits.provenanceText).then((text) => {
      attributes.add('mlbom:file:header', `uuid=${text}`, 'uuid');
    });
  });
  return { facts: [fileFact(entry.path, [attributes])], problems: [], findings: [] };
}
