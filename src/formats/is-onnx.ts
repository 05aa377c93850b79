import type { ByteSource } from '../core/entry.ts';

/** IR versions up to 13 exist; a few more may come. */
const largestIrVersion = 20;
const graphTag = 0x3a;
/** Fields of a `ModelProto` before its graph, in the order in which serializers write them; true for text. */
const fieldsBeforeGraph: ReadonlyMap<number, boolean> = new Map([
  [0x12, true], // producer_name
  [0x1a, true], // producer_version
  [0x22, true], // domain
  [0x28, false], // model_version
  [0x32, true], // doc_string
]);
/** Tags with which a `GraphProto` begins: a node, its name, an initializer, doc_string, input, output, value_info. */
const graphTags = [0x0a, 0x12, 0x2a, 0x52, 0x5a, 0x62, 0x6a];
/** Tags with which a `NodeProto` begins: inputs, outputs, name, op_type, attributes. */
const nodeTags = [0x0a, 0x12, 0x1a, 0x22, 0x2a];

/**
 * True for the head of what can only be an ONNX model, whatever its name. ONNX has no magic number: an IR version,
 * then texts that say who wrote it, then a graph that lies within the file and begins with a node. Other protobufs
 * begin with a small number too (Core ML, SavedModel), but have a message where ONNX has the producer's name.
 */
export function isOnnx(head: Uint8Array, { size }: Pick<ByteSource, 'size'>): boolean {
  const [tag, irVersion = 0] = head;
  if (tag !== 0x08 || irVersion < 1 || irVersion > largestIrVersion) return false;
  let at = 2;
  let last = 0;
  let producer = false;
  for (;;) {
    const next = head[at] ?? 0;
    if (next === graphTag) return isGraph(head, at + 1, size, producer);
    const isText = fieldsBeforeGraph.get(next);
    if (isText === undefined || next <= last) return false;
    const value = varint(head, at + 1);
    if (value === undefined) return false;
    last = next;
    at = value.end;
    if (!isText) continue;
    const text = head.subarray(at, at + value.number);
    if (!isPrintable(text)) return false;
    if (next === 0x12) producer = text.length > 0;
    at += value.number;
    // A doc string longer than the head: who wrote the model has been told before it.
    if (at >= head.length) return producer && at < size;
  }
}

/** @param known that a producer was named, so that a graph without nodes is one too */
function isGraph(head: Uint8Array, at: number, size: number, known: boolean): boolean {
  const graph = varint(head, at);
  if (!graph || graph.number === 0 || graph.end + graph.number > size) return false;
  const tag = head[graph.end] ?? 0;
  if (!graphTags.includes(tag)) return false;
  if (known) return true;
  const node = varint(head, graph.end + 1);
  if (tag !== 0x0a || !node || node.number > graph.number) return false;
  const first = varint(head, node.end + 1);
  if (!nodeTags.includes(head[node.end] ?? 0) || !first || first.number > node.number) return false;
  return isPrintable(head.subarray(first.end, first.end + first.number));
}

/** At most five bytes: no length in ONNX is longer than 2 GiB. */
function varint(bytes: Uint8Array, at: number): { number: number; end: number } | undefined {
  let number = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    number += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { number, end: at + i + 1 };
  }
  return undefined;
}

/** No control characters but those of text; bytes above ASCII are UTF-8 as far as this is concerned. */
function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
