import type { ByteSource } from '../core/entry.ts';

/** The beginning and the end of a file as Latin-1 text, in which probes look for what a header says. */
export async function ends(source: ByteSource, bytes: number): Promise<{ head: string; tail: string }> {
  const length = Math.min(bytes, source.size);
  const head = Buffer.from(await source.read({ offset: 0, length })).toString('latin1');
  if (source.size <= bytes) return { head, tail: head };
  const tail = await source.read({ offset: source.size - length, length });
  return { head, tail: Buffer.from(tail).toString('latin1') };
}
