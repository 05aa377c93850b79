import * as Flags from '@oclif/core/flags';
import { MlbomError } from '../../core/errors.ts';

/** One `-o FORMAT[=PATH]`; without a path, or with `-`, the document goes to stdout. */
export interface OutputRequest {
  readonly format: string;
  readonly path?: string;
}

/** The flag `-o`, for a command that can write these formats. */
export function outputFlag(formats: readonly string[]): ReturnType<typeof Flags.string> {
  return Flags.string({
    char: 'o',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FORMAT[=PATH]',
    description: `Write a document; repeatable. Formats: ${formats.join(', ')}`,
  });
}

/**
 * Reads the values of `-o`.
 * @throws MlbomError `E_USAGE` for an unknown format, two documents on stdout, or one there beside `--json`
 */
export function parseOutputs(
  values: readonly string[],
  formats: readonly string[],
  json: boolean,
): OutputRequest[] {
  const requests = values.map((value): OutputRequest => {
    const equals = value.indexOf('=');
    const format = equals < 0 ? value : value.slice(0, equals);
    const path = equals < 0 ? '-' : value.slice(equals + 1);
    if (!formats.includes(format)) {
      const next =
        equals < 0 && /[./]/.test(value)
          ? `did you mean -o ${formats[0] ?? ''}=${value}`
          : `use one of: ${formats.join(', ')}`;
      throw new MlbomError('E_USAGE', `-o ${value}: no such format`, { subject: value, next });
    }
    if (path === '') throw new MlbomError('E_USAGE', `-o ${value}: no path after "="`, { subject: value });
    return path === '-' ? { format } : { format, path };
  });
  const onStdout = requests.filter((request) => request.path === undefined).length;
  if (json && onStdout > 0) {
    throw new MlbomError('E_USAGE', '--json prints its own result on stdout', {
      next: `give the document a path: -o ${formats[0] ?? ''}=PATH`,
    });
  }
  if (onStdout > 1) {
    throw new MlbomError('E_USAGE', 'only one document can go to stdout', {
      next: 'give the others a path: -o FORMAT=PATH',
    });
  }
  return requests;
}
