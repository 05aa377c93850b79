import { isMlbomError, MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { fieldOf, quoteOf } from './answers.ts';
import type { Authorizer, Intent } from './authorizer.ts';
import type { Answer, Http, HttpRequest } from './http.ts';
import type { Pause } from '../../core/pause.ts';
import { nextHop } from './next-hop.ts';

export interface Call extends HttpRequest {
  readonly url: URL;
  readonly intent: Intent;
  /** What it is about, for messages: `blob sha256:…`. */
  readonly subject: string;
}

/** Requests to one repository: authenticated, redirected and repeated as needed. */
export interface Session {
  /** `/v2/<repository>/<path>` of the registry. */
  urlOf(path: string): URL;
  /**
   * Sends a call and gives its answer to `use`, again after a pause while the registry is busy or the connection breaks.
   * @throws MlbomError `E_UNREACHABLE`, `E_LIMIT` (`redirects`), `E_ABORTED`, and what `use` throws
   */
  send<T>(call: Call, use: (answer: Answer) => Promise<T>): Promise<T>;
  /** The error that an unwanted answer is: `E_NOT_FOUND` for 404, otherwise `E_UNREACHABLE` with what the registry says. */
  refusal(answer: Answer, call: Call): Promise<MlbomError>;
  /** Waits before a further attempt, numbered from 0. */
  wait(attempt: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface SessionOptions {
  readonly http: Http;
  readonly base: URL;
  readonly repository: string;
  /** As users write it, for `docker login`. */
  readonly registry: string;
  readonly authorizer: Authorizer;
  readonly pause: Pause;
}

export function openSession(options: SessionOptions): Session {
  const { http, base, repository, authorizer, pause } = options;

  async function send<T>(call: Call, use: (answer: Answer) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await tried(call, use);
      if ('value' in outcome) return outcome.value;
      const delay = outcome.delay ?? backoff(attempt);
      if (attempt >= repeats || delay > longestPause) throw outcome.error;
      await pause(delay, call.signal);
    }
  }

  async function tried<T>(
    call: Call,
    use: (answer: Answer) => Promise<T>,
  ): Promise<{ value: T } | { error: MlbomError; delay?: number | undefined }> {
    try {
      const answer = await exchange(call);
      if (!busy.has(answer.status)) return { value: await use(answer) };
      return { delay: retryAfter(answer), error: await refusal(answer, call) };
    } catch (error) {
      if (isMlbomError(error) && passing.has(error.rule ?? '')) return { error };
      throw error;
    }
  }

  async function exchange(call: Call): Promise<Answer> {
    const seen = new Set<string>();
    let { url } = call;
    for (;;) {
      const answer = await authorised(call, url);
      const location = fieldOf(answer, 'location');
      if (!redirects.has(answer.status) || location === undefined) return answer;
      answer.discard();
      if (call.method !== 'GET' && call.method !== 'HEAD') throw movedWrite(call, url);
      seen.add(url.href);
      url = nextHop(location, url, call.subject);
      if (seen.has(url.href)) throw circular(call, url);
      if (seen.size > limits.redirects) throw tooMany(call);
    }
  }

  /** Credentials go to the registry's own origin and nowhere else, and only its challenges are answered. */
  async function authorised(call: Call, url: URL): Promise<Answer> {
    if (url.origin !== base.origin) return http.request(url, call);
    const used = authorizer.header(call.intent);
    const first = await http.request(url, withAuthorization(call, used));
    if (first.status !== 401) return first;
    const header = await authorizer.answer(first, call.intent, used);
    if (header === undefined) throw deniedError(first.status, '', call);
    return http.request(url, withAuthorization(call, header));
  }

  async function refusal(answer: Answer, call: Call): Promise<MlbomError> {
    const { status, url } = answer;
    if (status === 404) {
      answer.discard();
      return new MlbomError('E_NOT_FOUND', `${call.subject}: not in ${options.registry}/${repository}`, {
        subject: call.subject,
        rule: 'registry-not-found',
      });
    }
    const said = await quoteOf(answer, authorizer.secrets);
    const isOwn = url.origin === base.origin;
    if (isOwn && (status === 401 || status === 403)) return deniedError(status, said, call);
    const what = `${url.host}: answered ${status} to ${call.method} of ${call.subject}`;
    return new MlbomError('E_UNREACHABLE', said === '' ? what : `${what}: ${said}`, {
      subject: call.subject,
      rule: busy.has(status) ? 'registry-busy' : 'registry-refused',
      next: busy.has(status) ? 'try again later' : 'ask its operator',
    });
  }

  function deniedError(status: number, said: string, call: Call): MlbomError {
    const { registry } = options;
    const what = `${registry}: denies access to ${repository} (${status} to ${call.method} of ${call.subject})`;
    const { withheld, hasCredentials } = authorizer;
    const login = `docker login ${registry}, and check the name: registries deny what they do not have`;
    const next =
      withheld !== undefined
        ? `ask its operator: credentials were not sent to its token service, for ${withheld} than the registry`
        : hasCredentials
          ? `log in with credentials that allow it: ${login}`
          : login;
    return new MlbomError('E_UNREACHABLE', said === '' ? what : `${what}: ${said}`, {
      subject: call.subject,
      rule: 'registry-denied',
      next,
    });
  }

  return {
    urlOf: (path) => new URL(`/v2/${repository}/${path}`, base),
    send,
    refusal,
    wait: (attempt, signal) => pause(backoff(attempt), signal),
  };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Too many requests, and the kinds of trouble that pass. */
const busy: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Attempts after the first. */
const repeats = 3;
/** Milliseconds; a registry that asks for more is not waited for. */
const longestPause = 30_000;

function backoff(attempt: number): number {
  return Math.min(500 * 2 ** attempt, longestPause);
}

/** Milliseconds: RFC 9110 §10.2.3 allows seconds and a date. */
function retryAfter(answer: Answer): number | undefined {
  const field = fieldOf(answer, 'retry-after')?.trim();
  if (field === undefined) return undefined;
  if (/^\d{1,9}$/.test(field)) return Number(field) * 1000;
  const time = Date.parse(field);
  return Number.isNaN(time) ? undefined : Math.max(0, time - Date.now());
}

/** Rules of errors after which another attempt may help. */
const passing: ReadonlySet<string> = new Set(['connection-lost', 'registry-busy']);

function withAuthorization(call: Call, authorization: string | undefined): HttpRequest {
  return authorization === undefined ? call : { ...call, headers: { ...call.headers, authorization } };
}

function movedWrite({ subject }: Call, url: URL): MlbomError {
  return new MlbomError('E_UNREACHABLE', `${url.host}: sends a push elsewhere`, {
    subject,
    rule: 'redirect',
    next: 'name the registry by its own address',
  });
}

function circular({ subject }: Call, url: URL): MlbomError {
  return new MlbomError('E_UNREACHABLE', `${subject}: redirects lead in a circle (${url.host})`, {
    subject,
    rule: 'redirect-loop',
  });
}

function tooMany({ subject }: Call): MlbomError {
  return new MlbomError('E_LIMIT', `${subject}: more than ${limits.redirects} redirects`, {
    subject,
    rule: 'redirects',
  });
}
