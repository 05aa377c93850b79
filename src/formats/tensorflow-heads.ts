const varintField1 = 0x08;
const bytesField1 = 0x0a;
const bytesField2 = 0x12;

/** True for the beginning of a SavedModel: schema version 1, then a meta graph that begins with its `meta_info_def`. */
export function isSavedModel(head: Uint8Array): boolean {
  if (head[0] !== varintField1 || head[1] !== 1 || head[2] !== bytesField2) return false;
  return isMetaGraph(head.subarray(lengthAt(head, 3).next));
}

/** True for the beginning of a `MetaGraphDef`: a `MetaInfoDef` that begins with a field of bytes that it has. */
export function isMetaGraph(head: Uint8Array): boolean {
  if (head[0] !== bytesField1) return false;
  const { length, next } = lengthAt(head, 1);
  const tag = head[next] ?? 0;
  const inner = lengthAt(head, next + 1);
  return (tag & 7) === 2 && tag >> 3 >= 1 && tag >> 3 <= 6 && inner.length < length;
}

/** True for the beginning of a `GraphDef`: a node with a name, then an operator, each as TensorFlow lets them be. */
export function isGraphDef(head: Uint8Array): boolean {
  if (head[0] !== bytesField1) return false;
  const node = lengthAt(head, 1);
  if (head[node.next] !== bytesField1) return false;
  const name = lengthAt(head, node.next + 1);
  const afterName = name.next + name.length;
  if (head[afterName] !== bytesField2) return false;
  const operator = lengthAt(head, afterName + 1);
  const end = operator.next + operator.length;
  return (
    end <= Math.min(head.length, node.next + node.length) &&
    /^[A-Za-z0-9.^_][\w.\\/>-]*$/.test(latin1(head.subarray(name.next, afterName))) &&
    /^[A-Z_a-z][\w>.]*$/.test(latin1(head.subarray(operator.next, end)))
  );
}

/** A length as a varint of at most five bytes, and where what follows begins; past the end for anything else. */
function lengthAt(bytes: Uint8Array, at: number): { length: number; next: number } {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { length, next: at + i + 1 };
  }
  return { length: Infinity, next: bytes.length };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
