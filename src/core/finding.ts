import type { Severity } from './severity.ts';

/** What to look for in content that can do harm, and what to do when it is there. */
export interface FindingRule {
  /** Stable: `MLB-<AREA>-nnn`. */
  readonly id: string;
  readonly severity: Severity;
  /** CWE number: 502 deserialisation, 94 code injection, 22 traversal, 190 overflow, 829 foreign code, … */
  readonly cwe: number;
  /** A few words without a full stop. */
  readonly title: string;
  /** One sentence: what can happen. */
  readonly why: string;
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** CVEs and documents about the class, never a claim about the file. */
  readonly references?: readonly string[];
}

/** Where in a file something was found. */
export interface FindingPlace {
  /** Byte offset in the file, or in `member` where there is one. */
  readonly offset?: number;
  /** Bytes from there. */
  readonly length?: number;
  /** The global, tensor, operator, layer or key that it is about. */
  readonly symbol?: string;
}

/** A rule about dangerous content that matched. */
export interface Finding extends FindingPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly cwe: number;
  /** A file of the artifact. */
  readonly path: string;
  /** The member of the archive at `path`; `!/` separates archives in archives. */
  readonly member?: string;
  /** What was found here, in a sentence without a full stop. */
  readonly message: string;
}

/** `rule` matched in the entry at `path`. */
export function finding(
  { id, severity, cwe }: FindingRule,
  path: string,
  message: string,
  place: FindingPlace = {},
): Finding {
  // A message may quote the beginning of a hostile text, cut inside a character, which no BOM can carry.
  return { rule: id, severity, cwe, path, message: message.toWellFormed(), ...place };
}
