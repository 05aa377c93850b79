import { MlbomError, messageOf } from '../core/errors.ts';
import { limits } from '../core/limits.ts';

/**
 * Reads one TOML 1.0 document: tables as objects, numbers as numbers, dates as Date objects.
 * @throws MlbomError `E_MALFORMED`; `E_LIMIT` for one of too many lines, or nested too deeply
 */
export async function parseToml(text: string, subject: string): Promise<Readonly<Record<string, unknown>>> {
  const toml = await import('smol-toml');
  refuseBulk(text, subject);
  try {
    return toml.parse(text, { maxDepth: limits.jsonDepth });
  } catch (cause) {
    throw new MlbomError('E_MALFORMED', `${subject}: not TOML (${messageOf(cause).split('\n')[0] ?? ''})`, {
      subject,
      rule: 'toml',
      cause,
    });
  }
}

/** Each of these characters may begin a value or a key, for which the parser keeps an object of its own. */
function refuseBulk(text: string, subject: string): void {
  const marks = text.match(/[=.,[{]/g)?.length ?? 0;
  if (marks > limits.tomlMarks)
    throw new MlbomError('E_LIMIT', `${subject}: too many values`, { subject, rule: 'toml-size' });
}
