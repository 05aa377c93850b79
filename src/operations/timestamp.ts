import { MlbomError } from '../core/errors.ts';

/**
 * The time that a document carries: `SOURCE_DATE_EPOCH` where it is set (reproducible-builds.org), now otherwise.
 * RFC 3339, UTC, whole seconds.
 * @throws MlbomError `E_CONFIG` for a SOURCE_DATE_EPOCH that is not a number of seconds
 */
export function timestamp(environment: NodeJS.ProcessEnv, now: () => number = Date.now): string {
  const epoch = environment['SOURCE_DATE_EPOCH'];
  if (epoch === undefined || epoch === '') return rfc3339(now());
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new MlbomError('E_CONFIG', 'SOURCE_DATE_EPOCH is not a number of seconds', {
      subject: 'SOURCE_DATE_EPOCH',
      next: 'set it to seconds since 1970, for example with: date +%s',
    });
  }
  return rfc3339(Number(epoch) * 1000);
}

function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
