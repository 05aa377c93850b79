import { MlbomError } from '../../core/errors.ts';
import { isIP } from 'node:net';

/** Where tokens are given, and whether it may see our credentials. */
export interface TokenService {
  readonly url: URL;
  /** Undefined: it may. Otherwise the reason why not, for a message. */
  readonly withheld: string | undefined;
}

/**
 * Reads the `realm` of a challenge. Whoever can forge a challenge could name a host of his own, so credentials go to the
 * registry's own origin, and over https to its own host at any port, to a host of the same domain, and to the known
 * services of registries that have none of their own domain. All others are asked as anybody would.
 * There is no list of public suffixes on board: the domain is judged more narrowly than browsers do.
 * @throws MlbomError `E_UNREACHABLE` (`auth-realm`) for realms that are not asked at all
 */
export function tokenServiceOf(realm: string, registry: URL): TokenService {
  const url = URL.canParse(realm) && realm.length <= longestRealm ? new URL(realm) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refused(registry, 'names a token service that is no http(s) address');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(registry, 'names a token service with a password in its address');
  }
  if (url.protocol === 'http:' && registry.protocol === 'https:') {
    throw refused(registry, 'names a token service without TLS');
  }
  return { url, withheld: mayKnow(url, registry) ? undefined : `${url.host} is another host` };
}

function mayKnow(service: URL, registry: URL): boolean {
  if (service.origin === registry.origin) return true;
  if (service.protocol !== 'https:') return false;
  if (service.hostname === registry.hostname) return true;
  if (knownServices.get(registry.hostname) === service.hostname && service.port === '') return true;
  const domain = domainOf(service.hostname);
  return domain !== undefined && domain === domainOf(registry.hostname);
}

/** The part of a name that one owner has: two labels, three where the last two may be a country's (`co.uk`). */
function domainOf(hostname: string): string | undefined {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  const labels = hostname.replace(/\.$/, '').split('.');
  const [second = '', first = ''] = labels.slice(-2);
  const size = first.length === 2 && second.length <= 4 ? 3 : 2;
  const domain = labels.slice(-size).join('.');
  return labels.length < size || isShared(domain) ? undefined : domain;
}

function isShared(domain: string): boolean {
  return sharedDomains.some((shared) => domain === shared || shared.endsWith(`.${domain}`));
}

const knownServices = new Map([
  ['registry-1.docker.io', 'auth.docker.io'],
  ['index.docker.io', 'auth.docker.io'],
]);

/** Under these, names next to each other belong to different people. */
const sharedDomains: readonly string[] = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'appspot.com',
  'azurecr.io',
  'azurewebsites.net',
  'azurecontainerapps.io',
  'cloudapp.azure.com',
  'cloudfront.net',
  'duckdns.org',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'gitlab.io',
  'googleapis.com',
  'herokuapp.com',
  'jfrog.io',
  'netlify.app',
  'ngrok.app',
  'ngrok.io',
  'ngrok-free.app',
  'nip.io',
  'ondigitalocean.app',
  'onrender.com',
  'pages.dev',
  'pkg.dev',
  'run.app',
  'sslip.io',
  'trycloudflare.com',
  'vercel.app',
  'web.app',
  'windows.net',
  'workers.dev',
];

const longestRealm = 2048;

function refused(registry: URL, why: string): MlbomError {
  return new MlbomError('E_UNREACHABLE', `${registry.host}: ${why}`, {
    subject: registry.host,
    rule: 'auth-realm',
    next: 'ask its operator: nothing was sent there',
  });
}
