import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { linesOf } from '../../formats/lines.ts';

/** A package as apk wrote it down. */
export interface ApkRecord {
  readonly name: string;
  readonly version: string;
  /** By the letter of its line; the last one where a letter stands twice. */
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly ApkFile[];
}

export interface ApkFile {
  readonly path: string;
  /** `uid:gid:mode` */
  readonly owner?: string;
  /** `Q1` and the base64 of a SHA-1. */
  readonly checksum?: string;
}

/**
 * Lines of a letter, a colon and a value; an empty line ends a package. `F:` begins a directory, `R:` a file of it, and
 * `a:` and `Z:` speak of that file.
 * @throws MlbomError `E_MALFORMED` for any other line, `E_LIMIT` for too many packages
 */
export function parseInstalled(text: string, subject: string): { records: ApkRecord[]; others: number } {
  const records: ApkRecord[] = [];
  let others = 0;
  let fields = new Map<string, string>();
  let files: { path: string; owner?: string; checksum?: string }[] = [];
  let directory = '';

  function end(): void {
    const [name, version] = [fields.get('P') ?? '', fields.get('V') ?? ''];
    const isNamed = /^[\w.+-]{1,255}$/.test(name) && version !== '' && version.length <= limits.versionText;
    if (isNamed) records.push({ name, version, fields, files });
    else if (fields.size > 0) others++;
    if (records.length > limits.packagesPerFile) throw refused('E_LIMIT', 'packages', 'too many packages');
    fields = new Map();
    files = [];
    directory = '';
  }

  function refused(code: 'E_LIMIT' | 'E_MALFORMED', rule: string, why: string): MlbomError {
    return new MlbomError(code, `${subject}: ${why}`, { subject, rule });
  }

  let line = 0;
  for (const raw of linesOf(text)) {
    line++;
    if (raw === '') {
      end();
      continue;
    }
    const letter = raw.slice(0, 1);
    const value = raw.slice(2);
    if (raw[1] !== ':' || !/[A-Za-z]/.test(letter))
      throw refused('E_MALFORMED', 'apk', `line ${line} is no field`);
    const file = files.at(-1);
    if (letter === 'F') directory = value;
    else if (letter === 'R') files.push({ path: directory === '' ? value : `${directory}/${value}` });
    else if (letter === 'a' && file) file.owner = value;
    else if (letter === 'Z' && file) file.checksum = value;
    else fields.set(letter, value);
  }
  end();
  return { records, others };
}
