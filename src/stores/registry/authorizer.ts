import { MlbomError } from '../../core/errors.ts';
import { parseJsonObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { readBody } from './answers.ts';
import { parseChallenges, type Challenge } from './challenges.ts';
import type { Credentials } from './credentials.ts';
import type { Answer, Http } from './http.ts';
import { tokenServiceOf } from './token-service.ts';

/** What a request wants to do: its token covers no more. */
export type Intent = 'pull' | 'push';

export interface AuthorizerOptions {
  readonly http: Http;
  readonly base: URL;
  readonly repository: string;
  /** Asked once, and only after a challenge. */
  readonly credentials: () => Promise<Credentials | undefined>;
}

/** The `Authorization` of requests to one repository of one registry. */
export interface Authorizer {
  /** What worked last for this intent. */
  header(intent: Intent): string | undefined;
  /**
   * Answers the challenge of a 401; undefined when there is nothing new to try.
   * @param used the header that was refused
   * @throws MlbomError `E_UNREACHABLE`, `E_MALFORMED`, `E_CONFIG` from the credentials
   */
  answer(challenge: Answer, intent: Intent, used: string | undefined): Promise<string | undefined>;
  /** Why credentials were not used, for a message. */
  readonly withheld: string | undefined;
  readonly hasCredentials: boolean;
  /** What no message may quote. */
  readonly secrets: readonly string[];
}

/** Basic and token authentication (distribution-spec; CNCF distribution, docs/spec/auth: token, oauth, jwt, scope). */
export function openAuthorizer({ http, base, repository, credentials }: AuthorizerOptions): Authorizer {
  const headers = new Map<Intent, string>();
  const pending = new Map<Intent, Promise<string | undefined>>();
  const secrets = new Set<string>();
  let found: Promise<Credentials | undefined> | undefined;
  let hasCredentials = false;
  let withheld: string | undefined;

  async function known(): Promise<Credentials | undefined> {
    const mine = await (found ??= credentials());
    hasCredentials = mine !== undefined;
    for (const secret of mine ? secretsOf(mine) : []) secrets.add(secret);
    return mine;
  }

  async function solve(challenges: readonly Challenge[], intent: Intent): Promise<string | undefined> {
    const mine = await known();
    const bearer = challenges.find(
      ({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'),
    );
    if (mine?.kind === 'registry-token') return `Bearer ${mine.token}`;
    if (bearer) {
      const service = tokenServiceOf(bearer.parameters.get('realm') ?? '', base);
      withheld = mine ? service.withheld : undefined;
      const request = { ...askedFor(bearer, repository, intent), url: service.url, withheld };
      const token = await fetchToken(http, request, withheld === undefined ? mine : undefined);
      secrets.add(token);
      return `Bearer ${token}`;
    }
    const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
    return isBasic && mine?.kind === 'password' ? basic(mine) : undefined;
  }

  return {
    header: (intent) => headers.get(intent) ?? (intent === 'pull' ? headers.get('push') : undefined),
    async answer(challenge, intent, used) {
      const challenges = parseChallenges(challenge.fields('www-authenticate'));
      challenge.discard();
      const current = headers.get(intent);
      // Another request was faster.
      if (current !== undefined && current !== used) return current;
      const work =
        pending.get(intent) ??
        solve(challenges, intent).finally(() => {
          pending.delete(intent);
        });
      pending.set(intent, work);
      const header = await work;
      if (header === undefined || header === used) return undefined;
      headers.set(intent, header);
      return header;
    },
    get withheld() {
      return withheld;
    },
    get hasCredentials() {
      return hasCredentials;
    },
    get secrets() {
      return [...secrets];
    },
  };
}

interface TokenRequest {
  readonly url: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly withheld: string | undefined;
}

/** Our own scope in the place of the registry's for the same repository: reading asks for no right to write. */
function askedFor(
  challenge: Challenge,
  repository: string,
  intent: Intent,
): Pick<TokenRequest, 'service' | 'scopes'> {
  const resource = `repository:${repository}:`;
  const others = (challenge.parameters.get('scope') ?? '')
    .split(' ')
    .filter((scope) => scope !== '' && scope.length <= 512 && !scope.startsWith(resource))
    .slice(0, 8);
  const scopes = [`${resource}${intent === 'push' ? 'pull,push' : 'pull'}`, ...others];
  return { service: challenge.parameters.get('service'), scopes };
}

async function fetchToken(http: Http, request: TokenRequest, mine: Credentials | undefined): Promise<string> {
  const answer = await (mine?.kind === 'identity-token'
    ? postForToken(http, request, mine.token)
    : getToken(http, request, mine));
  const { host } = request.url;
  if (answer.status !== 200) {
    answer.discard();
    const isDenied = answer.status === 401 || answer.status === 403 || answer.status === 400;
    throw new MlbomError('E_UNREACHABLE', `${host}: gives no token (answered ${answer.status})`, {
      subject: host,
      rule: isDenied ? 'registry-denied' : 'registry-busy',
      next: nextAfter(request, mine),
    });
  }
  const bytes = await readBody(answer, limits.registryAnswerBytes, `the token of ${host}`);
  const token = tokenIn(bytes);
  if (token !== undefined) return token;
  throw new MlbomError('E_MALFORMED', `${host}: its answer holds no token`, {
    subject: host,
    rule: 'token-answer',
  });
}

function nextAfter({ withheld }: TokenRequest, mine: Credentials | undefined): string {
  if (withheld !== undefined)
    return `ask the operator of the registry: credentials were not sent, for ${withheld} than the registry`;
  return mine ? 'log in again' : 'log in with docker login or podman login';
}

function getToken(http: Http, { url, service, scopes }: TokenRequest, mine?: Credentials): Promise<Answer> {
  const asked = new URL(url);
  if (service !== undefined) asked.searchParams.set('service', service);
  for (const scope of scopes) asked.searchParams.append('scope', scope);
  const headers = {
    accept: 'application/json',
    ...(mine?.kind === 'password' && { authorization: basic(mine) }),
  };
  return http.request(asked, { method: 'GET', headers });
}

function postForToken(
  http: Http,
  { url, service, scopes }: TokenRequest,
  refreshToken: string,
): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'mlbom',
    refresh_token: refreshToken,
    scope: scopes.join(' '),
    ...(service !== undefined && { service }),
  });
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return http.request(url, { method: 'POST', headers, body: Buffer.from(form.toString()) });
}

/** A token has to fit into a header: visible ASCII. The parser's message would quote the answer. */
function tokenIn(bytes: Uint8Array): string | undefined {
  try {
    const answer = parseJsonObject(bytes, { depth: 16 });
    const token = textAt(answer, 'token') ?? textAt(answer, 'access_token');
    return token !== undefined && /^[\x21-\x7e]{1,65536}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function basic({ username, password }: Extract<Credentials, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function secretsOf(credentials: Credentials): string[] {
  return credentials.kind === 'password'
    ? [credentials.password, basic(credentials).slice('Basic '.length)]
    : [credentials.token];
}
