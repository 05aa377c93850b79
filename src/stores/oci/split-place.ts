import { lstat } from 'node:fs/promises';

/** Where images lie, and which of them is meant. */
export interface ImagePlace {
  readonly path: string;
  /** A name, a tag or a digest, as `openLayout` and `openArchive` take it. */
  readonly name?: string;
}

/** `PATH`, `PATH:NAME` or `PATH@DIGEST`. Names of files may have colons: the first part that exists is the path. */
export async function splitPlace(text: string): Promise<ImagePlace> {
  if (await exists(text)) return { path: text };
  const digest = /@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.exec(text);
  if (digest?.[1] !== undefined) {
    const { path } = await splitPlace(text.slice(0, digest.index));
    return { path, name: digest[1] };
  }
  for (let colon = text.indexOf(':'); colon > 0; colon = text.indexOf(':', colon + 1)) {
    const path = text.slice(0, colon);
    if (await exists(path)) return { path, name: text.slice(colon + 1) };
  }
  return { path: text };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
