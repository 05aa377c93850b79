import type { ByteSource } from '../../core/entry.ts';
import { decodeUtf8 } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { elfError } from './elf-error.ts';
import type { Elf } from './read-elf.ts';

/** What the Go linker wrote into a program (Go's debug/buildinfo). */
export interface GoBuildInfo {
  /** Of Go: `go1.22.5` */
  readonly go: string;
  /** Path of the module that the program is made of. */
  readonly module?: string;
  /** Its version; `(devel)` in a working copy. */
  readonly version?: string;
  readonly modules: readonly { readonly path: string; readonly version: string; readonly sum?: string }[];
  /** `-ldflags`, `vcs.revision`, `GOARCH` and their like. */
  readonly settings: ReadonlyMap<string, string>;
}

const magic = Buffer.from('\xff Go buildinf:', 'latin1');
const inlineStrings = 2;

/**
 * The build information of a Go program, undefined for other programs and for those of Go before 1.18, which keep only
 * pointers there.
 * @throws MlbomError `E_MALFORMED`, `E_LIMIT`
 */
export async function readGoBuildInfo(source: ByteSource, elf: Elf): Promise<GoBuildInfo | undefined> {
  const section = elf.sections.find(({ name }) => name === '.go.buildinfo');
  if (!section) return undefined;
  if (section.length > limits.goBuildInfoBytes)
    throw elfError('E_LIMIT', 'go-build-info', `${section.length} bytes of build information`);
  const bytes = Buffer.from(await source.read({ offset: section.offset, length: section.length }));
  const isInline = bytes.length >= 33 && ((bytes[15] ?? 0) & inlineStrings) !== 0;
  if (!bytes.subarray(0, magic.length).equals(magic) || !isInline) return undefined;
  const [go, end] = stringAt(bytes, 32);
  const [modules] = stringAt(bytes, end);
  // Sixteen bytes before and after tell it from other text.
  return { go: decodeUtf8(go, 'elf'), ...modulesOf(decodeUtf8(modules.subarray(16, -16), 'elf')) };
}

/** Its length as a varint, then its bytes. */
function stringAt(bytes: Buffer, start: number): [Buffer, number] {
  let length = 0;
  let at = start;
  for (let shift = 0; ; shift += 7, at++) {
    const byte = bytes[at];
    if (byte === undefined || shift > 28)
      throw elfError('E_MALFORMED', 'go-build-info', 'a length without an end');
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  at++;
  if (length > bytes.length - at) throw elfError('E_MALFORMED', 'go-build-info', 'a text without an end');
  return [bytes.subarray(at, at + length), at + length];
}

/** Lines of words with tabs between them: `mod`, `dep` and `build`; `=>` says what stands in for the module above. */
function modulesOf(text: string): Omit<GoBuildInfo, 'go'> {
  const modules: { path: string; version: string; sum?: string }[] = [];
  const settings = new Map<string, string>();
  let main: { module?: string; version?: string } = {};
  for (const line of text.split('\n')) {
    const [kind, path = '', version = '', sum = ''] = line.split('\t', 5);
    if (kind === 'mod') main = { module: path, version };
    else if (kind === '=>') modules.pop();
    if (kind === 'dep' || kind === '=>') modules.push({ path, version, ...(sum === '' ? {} : { sum }) });
    if (kind === 'build') settings.set(...settingOf(line.slice('build\t'.length)));
  }
  return { ...main, modules, settings };
}

function settingOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  const [key, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
  // Values with spaces are written as Go strings.
  return [key, value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value];
}
