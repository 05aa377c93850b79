/**
 * What of a text may stand in a BOM as the address of a page: an http(s) URL of legal characters (RFC 3987), without
 * user name, query and fragment, because those carry passwords and tokens. Undefined for anything else.
 */
export function webUrl(text: string): string | undefined {
  const [, scheme, rest] = /^(https?:\/\/)([^?#]*)/i.exec(text.trim()) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  const url = scheme + rest.replace(/^[^/]*@/, '');
  const isLegal = !/[\p{Cc}\s"<>\\^`{|}]|%(?![0-9a-f]{2})/iu.test(url) && url.isWellFormed();
  return isLegal && url.length <= longest && URL.canParse(url) ? url : undefined;
}

/** What browsers and proxies take. */
const longest = 2048;
