import { MlbomError } from '../../core/errors.ts';

/**
 * Where a `Location` leads: an http(s) address without a password, and never from https to http. Whether its host may be
 * asked at all is decided when the connection is made.
 * @throws MlbomError `E_UNREACHABLE` (`redirect`); the address is not quoted, for it may be presigned
 */
export function nextHop(location: string, from: URL, subject: string): URL {
  const url =
    location.length <= longest && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw refused(from, subject, 'to what is no http(s) address');
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(from, subject, `from https to http (${url.host})`);
  }
  url.hash = '';
  return url;
}

/** Presigned addresses have about 2,000 characters. */
const longest = 16 * 1024;

function refused(from: URL, subject: string, where: string): MlbomError {
  return new MlbomError('E_UNREACHABLE', `${from.host}: leads ${where}`, {
    subject,
    rule: 'redirect',
    next: 'ask its operator: nothing was sent there',
  });
}
