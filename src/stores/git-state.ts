import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { attribute, type Attribute, type Fact } from '../core/fact.ts';
import { webUrl } from '../core/web-url.ts';

/** `HEAD`, a ref and `config` are short; packed refs of a large repository are a few megabytes. */
const bytes = { small: 64 * 1024, packed: 4 * 1024 * 1024 };
const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The commit that a Git work tree stands at, and the address of its `origin` (gitrepository-layout(5)). Only what Git
 * wrote down is read; whether files differ from the commit is not asked. Undefined where there is no repository.
 */
export async function gitFact(directory: Buffer): Promise<Fact | undefined> {
  // Git itself cannot be told a path that is no text.
  if (!isUtf8(directory)) return undefined;
  const git = join(directory.toString('utf8'), '.git');
  const head = (await textOf(join(git, 'HEAD'), bytes.small))?.trim();
  if (head === undefined) return undefined;
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  const id = ref === undefined ? head : await commitOf(git, ref);
  if (id === undefined || !commit.test(id)) return undefined;
  const evidence = { basis: 'declared', source: '.git', at: 'HEAD', by: 'store' } as const;
  const attributes: Attribute[] = [attribute('mlbom:source:commit', id, evidence)];
  const url = originOf((await textOf(join(git, 'config'), bytes.small)) ?? '');
  if (url !== undefined) attributes.push(attribute('references', [{ type: 'vcs', url }], evidence));
  return { about: { kind: 'directory', path: '.' }, type: 'file', attributes, relations: [] };
}

async function commitOf(git: string, ref: string): Promise<string | undefined> {
  if (ref.split('/').includes('..')) return undefined;
  const loose = (await textOf(join(git, ref), bytes.small))?.trim();
  if (loose !== undefined) return loose;
  const packed = (await textOf(join(git, 'packed-refs'), bytes.packed)) ?? '';
  const line = packed.split('\n').find((each) => each.endsWith(` ${ref}`));
  return line?.slice(0, line.indexOf(' '));
}

/** `url = …` below `[remote "origin"]`; ssh addresses become the https ones that they stand for. */
function originOf(config: string): string | undefined {
  const section = /^\s*\[remote "origin"\]\s*$([^[]*)/m.exec(config)?.[1] ?? '';
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section)?.[1];
  if (url === undefined) return undefined;
  return webUrl(url.replace(/^(?:ssh:\/\/)?git@([\w.-]+)[:/](?!\/)/, 'https://$1/'));
}

/** The text of a small file; undefined for one that is missing, large, or no file. */
async function textOf(path: string, limit: number): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    return stats.isFile() && stats.size <= limit ? await handle.readFile('utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
