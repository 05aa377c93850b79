import type { Entry } from '../../core/entry.ts';
import { isMlbomError, messageOf } from '../../core/errors.ts';
import { finding, type Finding } from '../../core/finding.ts';
import { parseJson, type JsonValue } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { incomplete, type Problem } from '../../core/problem.ts';
import { examineConfig, type ExaminedConfig } from './examine-config.ts';
import { notExamined } from './rules.ts';

/** A configuration with what the rules say of it; both absent where it could not be read. */
export interface ParsedConfig {
  readonly config?: JsonValue;
  readonly examined?: ExaminedConfig;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/**
 * Reads and examines a configuration. Python's reader takes more than ours, such as a name twice: what ours refuses
 * is a finding, as nobody looked at what loading would build.
 */
export function parsedConfig(
  entry: Entry,
  text: string | Uint8Array,
  at: string,
  inHdf5: boolean,
): ParsedConfig {
  if (text.length > limits.kerasConfigBytes) return refused(entry, at, `${at} has ${text.length} bytes`);
  try {
    const config = parseJson(text, { subject: at });
    const examined = examineConfig(config, inHdf5);
    const findings = examined.matches.map(({ rule, message, symbol }) =>
      finding(rule, entry.path, message, { symbol }),
    );
    return { config, examined, findings, problems: [] };
  } catch (error) {
    if (!isMlbomError(error) || error.code === 'E_UNREADABLE') throw error;
    return refused(entry, at, messageOf(error));
  }
}

/** A configuration that was not read, as the problem and the finding that it is. */
export function refused({ path }: Entry, at: string, reason: string): ParsedConfig {
  return {
    findings: [finding(notExamined, path, `${at} was not examined`, { symbol: at })],
    problems: [incomplete('keras-config', path, `keras: ${reason}`)],
  };
}
