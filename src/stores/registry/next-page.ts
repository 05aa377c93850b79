import { MlbomError } from '../../core/errors.ts';

/**
 * The address of the next page by `Link: <…>; rel="next"` (RFC 8288), which must be the registry's own; undefined on the last.
 * @throws MlbomError `E_MALFORMED` when it leads to another host
 */
export function nextPage(fields: readonly string[], from: URL, subject: string): URL | undefined {
  const target = fields
    .slice(0, mostFields)
    .flatMap((field) => field.slice(0, longest).split(/,(?=\s*<)/))
    .map((link) => /^\s*<([^>]*)>(.*)$/.exec(link))
    .find((link) => /;\s*rel\s*=\s*"?next(?:["\s;]|$)/i.test(link?.[2] ?? ''))?.[1];
  if (target === undefined) return undefined;
  const url = URL.canParse(target, from.href) ? new URL(target, from) : undefined;
  if (url?.origin === from.origin && url.pathname.startsWith('/v2/')) return url;
  throw new MlbomError('E_MALFORMED', `${subject}: its next page is not the registry's`, {
    subject,
    rule: 'next-page',
  });
}

const longest = 8192;
const mostFields = 8;
