/** Bit 11 of the flags says that a name is UTF-8. */
const utf8Flag = 0x800;
/** The upper half of code page 437, the character set of names without that flag (APPNOTE D.1). */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A name as text: UTF-8 where it is valid, which most writers mean with or without the flag, else code page 437. */
export function zipName(bytes: Uint8Array, flags: number): string {
  try {
    return utf8.decode(bytes);
  } catch {
    if (flags & utf8Flag) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : codePage437.charAt(byte - 128),
    ).join('');
  }
}
