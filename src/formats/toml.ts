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

/** `=`, `.`, `,`, `[` and `{` may each begin a value or a key, for which the parser keeps an object of its own. */
function refuseBulk(text: string, subject: string): void {
  let marks = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x3d || unit === 0x2e || unit === 0x2c || unit === 0x5b || unit === 0x7b) marks++;
  }
  if (marks > limits.tomlMarks)
    throw new MlbomError('E_LIMIT', `${subject}: too many values`, { subject, rule: 'toml-size' });
}
