/** Stable codes; tests and scripts match on these, never on a message. */
export type ErrorCode =
  /** The command line or a call is wrong. */
  | 'E_USAGE'
  /** A configuration, declaration or policy file is wrong. */
  | 'E_CONFIG'
  /** A key cannot be used: not a key, a kind that is not supported, a wrong password. */
  | 'E_KEY'
  /** Bytes do not follow their format. */
  | 'E_MALFORMED'
  /** A named limit of `limits.ts` is exceeded. */
  | 'E_LIMIT'
  /** Well formed, but of a version or kind that is not read. */
  | 'E_UNSUPPORTED'
  | 'E_NOT_FOUND'
  /** Permission, I/O error, gone while being read. */
  | 'E_UNREADABLE'
  /** Content contradicts the digest or the size that names it. An answer: what is there is not what was meant. */
  | 'E_DIGEST'
  /** A network place that does not answer, answers with an error, or asks for credentials that nobody gave. */
  | 'E_UNREACHABLE'
  | 'E_UNWRITABLE'
  | 'E_ABORTED'
  | 'E_INTERNAL';

export interface ErrorDetails {
  /** What the error is about: a path, a URI, a flag. */
  subject?: string;
  /** What the user can do next. */
  next?: string;
  /** Byte offset in the subject, where there is one. */
  offset?: number;
  /** A finer name within the code, e.g. `safetensors-hole`. */
  rule?: string;
  cause?: unknown;
}

/** An impossibility, with its stable code, its subject and the next step. A negative answer is not an error. */
export class MlbomError extends Error {
  override readonly name = 'MlbomError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly next: string | undefined;
  readonly offset: number | undefined;
  readonly rule: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.next = details.next;
    this.offset = details.offset;
    this.rule = details.rule;
  }
}

/** True for errors of this package, also across copies of it. */
export function isMlbomError(error: unknown): error is MlbomError {
  return error instanceof Error && error.name === 'MlbomError' && 'code' in error;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `work` gives; undefined where there is no such thing (`E_NOT_FOUND`). */
export async function ifFound<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMlbomError(error) && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}

/** An error of a reader that does not know what it reads, with the name of that. One that begins with it stays. */
export function withSubject(error: unknown, name: string): unknown {
  if (!isMlbomError(error) || error.code === 'E_ABORTED' || error.message.startsWith(name)) return error;
  const { code, message, subject = name, next, rule, offset } = error;
  return new MlbomError(code, `${name}: ${message}`, {
    subject,
    ...(next === undefined ? {} : { next }),
    ...(rule === undefined ? {} : { rule }),
    ...(offset === undefined ? {} : { offset }),
    cause: error,
  });
}

/** An operating system's error as one of ours: `ENOENT` and its like are "not found", the rest "unreadable". */
export function unreadable(error: unknown, subject: string): MlbomError {
  if (isMlbomError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new MlbomError('E_NOT_FOUND', `${subject}: no such file or directory`, { subject, cause: error });
  }
  if (code === 'EISDIR') {
    const next = 'name a file in it';
    return new MlbomError('E_UNREADABLE', `${subject}: a directory, not a file`, {
      subject,
      next,
      cause: error,
    });
  }
  return new MlbomError('E_UNREADABLE', `${subject}: cannot be read (${code || messageOf(error)})`, {
    subject,
    cause: error,
  });
}
