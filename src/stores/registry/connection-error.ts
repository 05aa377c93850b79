import { isMlbomError, MlbomError, messageOf } from '../../core/errors.ts';

/**
 * A failure of the network as one of ours, without URL paths and queries (they may be presigned) and without a cause.
 * Rule `connection-lost`: trying again may help.
 */
export function connectionError(error: unknown, url: URL, signal: AbortSignal | undefined): MlbomError {
  if (isMlbomError(error)) return error;
  if (signal?.aborted) return new MlbomError('E_ABORTED', 'interrupted');
  const code = codeOf(error);
  const { rule, says, next } = explain(code, url);
  return new MlbomError('E_UNREACHABLE', `${url.host}: ${says}`, { subject: url.host, rule, next });
}

interface Explanation {
  readonly rule: string;
  readonly says: string;
  readonly next: string;
}

function explain(code: string, url: URL): Explanation {
  if (code === 'MLBOM_FORBIDDEN_ADDRESS') {
    return {
      rule: 'private-address',
      says: 'named by the registry, but nearer than the registry itself',
      next: 'ask its operator: nothing was sent there',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { rule: 'no-such-host', says: 'no host of this name is known', next: 'check the name' };
  }
  if (code === 'ECONNREFUSED') {
    return { rule: 'connection-refused', says: 'refuses connections', next: 'check host and port' };
  }
  if (noTls.has(code)) {
    return {
      rule: 'no-tls',
      says: 'does not speak TLS',
      next: 'allow plain HTTP for this registry if it is meant (--plain-http)',
    };
  }
  if (isCertificate(code)) {
    return {
      rule: 'tls',
      says: `its certificate is not accepted (${code})`,
      next: 'name the file of its certification authority in NODE_EXTRA_CA_CERTS',
    };
  }
  const timeouts = { rule: 'timeout', says: 'does not answer', next: 'check the network and proxy settings' };
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') {
    return timeouts;
  }
  if (code === 'UND_ERR_BODY_TIMEOUT') return { ...timeouts, says: 'stops in the middle of an answer' };
  const isPlain = url.protocol === 'http:';
  const says = isPlain ? 'the connection broke (plain HTTP)' : 'the connection broke';
  return {
    rule: lost.has(code) ? 'connection-lost' : 'connection',
    says: `${says} (${code})`,
    next: isPlain ? 'try again; with --no-plain-http where it speaks TLS' : 'try again',
  };
}

const noTls = new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

const lost = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'HPE_INVALID_EOF_STATE',
]);

/** Node names them as OpenSSL does: `DEPTH_ZERO_SELF_SIGNED_CERT`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`. */
function isCertificate(code: string): boolean {
  return /CERT|^ERR_(?:TLS|SSL)_|^UNABLE_TO_|^CRL_/.test(code);
}

/** Of errors for several addresses, the first one's. Messages are left out: they may quote what was sent. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : messageOf(error).slice(0, 40);
}
