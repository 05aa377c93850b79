import type { ByteSource } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import type { Elf } from './read-elf.ts';

/** A text among the constants of a program: something fixed to look for, and what has to be around it. */
export interface Probe {
  readonly literal: string;
  /** Matched against at most 128 bytes on either side of the literal; the first group is the result. */
  readonly pattern: RegExp;
}

const windowBytes = 1024 * 1024;
const around = 128;

/**
 * The first text of the section `.rodata` that a probe finds. Of sections beyond `limits.elfProbeBytes` nothing is
 * read: what it would find is a help, not a fact that others depend on.
 */
export async function probeSection(source: ByteSource, elf: Elf, probe: Probe): Promise<string | undefined> {
  const section = elf.sections.find(({ name }) => name === '.rodata');
  if (!section || section.length > limits.elfProbeBytes) return undefined;
  const literal = Buffer.from(probe.literal, 'latin1');
  const overlap = literal.length + 2 * around;
  for (let start = 0; start < section.length; start += windowBytes) {
    const length = Math.min(windowBytes + overlap, section.length - start);
    const bytes = Buffer.from(await source.read({ offset: section.offset + start, length }));
    for (let at = bytes.indexOf(literal), hits = 0; at >= 0 && hits < mostHits; hits++) {
      const text = bytes.toString('latin1', Math.max(0, at - around), at + literal.length + around);
      const found = probe.pattern.exec(text)?.[1];
      if (found !== undefined) return found;
      at = bytes.indexOf(literal, at + 1);
    }
  }
  return undefined;
}

/** In one window; a text of zeros could match everywhere. */
const mostHits = 1000;
