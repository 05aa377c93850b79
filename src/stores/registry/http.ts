import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { MlbomError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { throwIfAborted } from '../../core/throw-if-aborted.ts';
import { ForbiddenAddress, guardedLookup } from './guarded-lookup.ts';
import { mayLeadTo, reachOfHost, reachOfLiteral, type Reach } from './reach.ts';
import { connectionError } from './connection-error.ts';

export interface HttpOptions {
  /** The registry: everything of another origin counts as named by a stranger. */
  readonly base: URL;
  readonly userAgent: string;
  /** Milliseconds without a byte. */
  readonly timeout: number;
  /** Ends everything. */
  readonly signal: AbortSignal | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose body is not read yet. It has to be read, or given back with `discard`. */
export interface Answer {
  readonly status: number;
  readonly url: URL;
  /** All fields of that name, in order. */
  fields(name: string): readonly string[];
  /**
   * The body with backpressure.
   * @throws MlbomError `E_UNREACHABLE` (`connection-lost`, `too-slow`), `E_ABORTED`
   */
  pieces(): AsyncGenerator<Uint8Array>;
  discard(): void;
}

export interface Http {
  /**
   * One request, without redirects, retries and credentials of its own.
   * @throws MlbomError `E_UNREACHABLE`, `E_ABORTED`
   */
  request(url: URL, request: HttpRequest): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Connections to a registry and to what it names. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are honoured, except for this
 * machine's own addresses. Further certification authorities come from `NODE_EXTRA_CA_CERTS`, or from `SSL_CERT_FILE`
 * with Node's `--use-openssl-ca`.
 * @throws MlbomError `E_CONFIG` when a proxy variable is no URL
 */
export function openHttp({ base, userAgent, timeout, signal }: HttpOptions): Http {
  let ownReach: Promise<Reach> | undefined;
  const reach = (): Promise<Reach> => (ownReach ??= reachOfHost(base.hostname));
  const dispatchers = openDispatchers(timeout, reach);

  async function send(url: URL, { method, headers, body, signal: ofCall }: HttpRequest): Promise<Answer> {
    throwIfAborted(signal);
    throwIfAborted(ofCall);
    const isOwn = url.origin === base.origin;
    if (!isOwn) await assertReachable(url, reach);
    const signals = [signal, ofCall].filter((it) => it !== undefined);
    const joined = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    try {
      const answer = await request(url, {
        method,
        headers: { 'user-agent': userAgent, 'accept-encoding': 'identity', ...headers },
        body: body ?? null,
        signal: joined ?? null,
        dispatcher: dispatchers.for(url, isOwn),
        headersTimeout: timeout,
        bodyTimeout: timeout,
        highWaterMark: 256 * 1024,
      });
      return answerOf(answer, url, joined, timeout);
    } catch (error) {
      throw connectionError(error, url, joined);
    }
  }
  return { request: send, close: () => dispatchers.close() };
}

interface Dispatchers {
  for(url: URL, isOwn: boolean): Dispatcher;
  close(): Promise<void>;
}

function openDispatchers(timeout: number, reach: () => Promise<Reach>): Dispatchers {
  const open = new Map<string, Dispatcher>();
  const once = (name: string, make: () => Dispatcher): Dispatcher => {
    const found = open.get(name) ?? make();
    open.set(name, found);
    return found;
  };
  const connect = { timeout: Math.min(timeout, connectTimeout) };
  return {
    for(url, isOwn) {
      if (reachOfLiteral(url.hostname) === 'loopback') return once('here', () => new Agent({ connect }));
      if (isOwn) return once('own', () => proxied({ connect }));
      return once('named', () => proxied({ connect: { ...connect, lookup: guardedLookup(reach) } }));
    },
    close: async () => {
      await Promise.all([...open.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** Milliseconds; a host that does not take a connection by then is down. */
const connectTimeout = 20_000;

function proxied(options: ConstructorParameters<typeof EnvHttpProxyAgent>[0]): Dispatcher {
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    // The variable may hold a password: it is not quoted.
    throw new MlbomError('E_CONFIG', 'HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy', {
      subject: 'HTTPS_PROXY',
      next: 'write it as http://proxy.example.org:3128',
    });
  }
}

async function assertReachable(url: URL, reach: () => Promise<Reach>): Promise<void> {
  const literal = reachOfLiteral(url.hostname);
  if (literal === undefined || mayLeadTo(await reach(), literal)) return;
  throw connectionError(new ForbiddenAddress(url.hostname), url, undefined);
}

function answerOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  signal: AbortSignal | undefined,
  timeout: number,
): Answer {
  // A body that nobody reads any more may fail; without a listener that would end the process.
  body.on('error', () => undefined);
  return {
    status: statusCode,
    url,
    fields(name) {
      const value = headers[name];
      return value === undefined ? [] : typeof value === 'string' ? [value] : value;
    },
    async *pieces() {
      const pace = openPace(url, timeout);
      const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      try {
        for (;;) {
          const asked = performance.now();
          const next = await iterator.next();
          if (next.done === true) return;
          pace(next.value.length, performance.now() - asked);
          yield next.value;
        }
      } catch (error) {
        throw connectionError(error, url, signal);
      } finally {
        body.destroy();
      }
    },
    discard() {
      body.dump({ limit: discardedBytes }).catch(() => undefined);
    },
  };
}

/** As much is read of an unwanted body to keep its connection. */
const discardedBytes = 16 * 1024;

/** Counts the time that we wait for bytes, not the time in which their reader works. */
function openPace(url: URL, timeout: number): (bytes: number, waited: number) => void {
  let bytes = 0;
  let waited = 0;
  return (more, milliseconds) => {
    bytes += more;
    waited += milliseconds;
    if (waited < timeout) return;
    const least = (limits.registrySlowest * waited) / 1000;
    if (bytes < least) {
      throw new MlbomError(
        'E_UNREACHABLE',
        `${url.host}: gives less than ${limits.registrySlowest} bytes a second`,
        {
          subject: url.host,
          rule: 'too-slow',
          next: 'try again later',
        },
      );
    }
    bytes = 0;
    waited = 0;
  };
}
