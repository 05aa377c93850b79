/** Values of a header that do not fit in 32 bits stand in its zip64 extra field (APPNOTE 4.5.3). */
const elsewhere = 0xffffffff;

export interface ExtraFields {
  readonly zip64?: DataView;
  /** Info-ZIP's name in UTF-8 (APPNOTE 4.6.9). */
  readonly unicodePath?: string;
}

/** The first field of each kind; what is cut is not there. */
export function extraFields(bytes: Uint8Array): ExtraFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { zip64?: DataView; unicodePath?: string } = {};
  for (let at = 0; at + 4 <= bytes.length;) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    const start = at + 4;
    if (start + length > bytes.length) break;
    if (id === 1) found.zip64 ??= new DataView(Uint8Array.from(bytes.subarray(start, start + length)).buffer);
    // Version 1 and the CRC of the name stand before the text.
    if (id === 0x7075 && length > 5 && bytes[start] === 1)
      found.unicodePath ??= new TextDecoder().decode(bytes.subarray(start + 5, start + length));
    at = start + length;
  }
  return found;
}

/** The values, in the order of the zip64 field, each taken from there where the header refers to it. */
export function zip64Values<const T extends readonly number[]>(
  zip64: DataView | undefined,
  values: T,
): { [K in keyof T]: number } {
  let at = 0;
  const read = values.map((value) => {
    if (value !== elsewhere || !zip64 || at + 8 > zip64.byteLength) return value;
    at += 8;
    return zip64.getUint32(at - 4, true) * 2 ** 32 + zip64.getUint32(at - 8, true);
  });
  return read as { [K in keyof T]: number };
}
