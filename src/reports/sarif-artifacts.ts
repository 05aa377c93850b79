import type { Item } from '../core/inventory.ts';

/** `artifact` of SARIF 2.1.0 (§3.24), as far as it is written. */
export interface SarifArtifact {
  readonly location: SarifArtifactLocation;
  /** The index of the archive that holds it. */
  readonly parentIndex?: number;
  readonly length?: number;
  readonly hashes?: Readonly<Record<string, string>>;
}

export interface SarifArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
  readonly index: number;
}

/** What is known of a file outside of its findings. */
export interface SarifFile {
  readonly path: string;
  /** The source that it lies in, where there are several. */
  readonly base?: string;
  readonly file?: Item['file'];
}

/** The files that results point at, each once, with archives before what lies in them. */
export class SarifArtifacts {
  readonly list: SarifArtifact[] = [];
  readonly #indexes = new Map<string, number>();

  /** The place of a file, or of a member of the archive that it is; `!/` separates archives in archives. */
  locate({ path, base, file }: SarifFile, member?: string): SarifArtifactLocation {
    const uri = relativeUri(path);
    const based = base === undefined ? {} : { uriBaseId: base };
    const known = file ? { length: file.size, hashes: { 'sha-256': file.sha256 } } : {};
    let location = this.#add(`${base ?? ''}\n${path}`, { ...based, uri }, known);
    let key = `${base ?? ''}\n${path}`;
    for (const part of member?.split('!/') ?? []) {
      key += `!/${part}`;
      // The path in an archive begins with a slash (§3.24.3).
      location = this.#add(key, { uri: `/${relativeUri(part)}` }, { parentIndex: location.index });
    }
    return location;
  }

  #add(
    key: string,
    location: { readonly uri: string; readonly uriBaseId?: string },
    known: Omit<SarifArtifact, 'location'>,
  ): SarifArtifactLocation {
    const index = this.#indexes.get(key) ?? this.list.length;
    const located = { ...location, index };
    if (index === this.list.length) {
      this.#indexes.set(key, index);
      this.list.push({ location: located, ...known });
    }
    return located;
  }
}

/** A path as a relative reference (RFC 3986): every character that could mean something is escaped, dots too. */
function relativeUri(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .map((segment) => (segment === '..' ? '%2E%2E' : encodeURIComponent(segment)))
    .join('/');
}
