import { verify } from 'node:crypto';
import { check, notExamined, type Check } from '../core/check.ts';
import { MlbomError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { statementMediaType } from '../core/statement.ts';
import type { Statement } from '../core/statement.ts';
import { preAuthEncoding } from './dsse.ts';
import type { Identity } from './identity.ts';
import { keyAlgorithmTraits } from './key-algorithm.ts';
import { payloadDigest } from './payload-digest.ts';
import { identityOf, isNamedBy } from './public-key.ts';
import type { PublicKey } from './public-key.ts';
import { readBundle } from './read-bundle.ts';
import type { Bundle } from './read-bundle.ts';
import { readStatement } from './read-statement.ts';

/** Whom the reader trusts. There is no default. */
export interface Trust {
  readonly keys: readonly PublicKey[];
}

export interface ExpectedStatement {
  readonly predicateType: string;
}

export interface BundleVerification {
  /** `bundle`, `signature`, `identity`, `statement`, in this order; after the first that fails the rest are `unknown`. */
  readonly checks: readonly Check[];
  /** Who signed; once the signature is verified. */
  readonly signer?: Identity;
  /** What was signed; only when every check passed. */
  readonly statement?: Statement<JsonObject>;
  /** SHA-256 of the signed bytes; only when every check passed. */
  readonly payloadDigest?: string;
}

/**
 * Verifies one bundle. The hint in it is compared and reported, and decides nothing.
 * What is wrong with a bundle is a failed check, whatever threw; asynchronous for trust that has to be loaded.
 * @throws MlbomError `E_USAGE` when nobody is trusted
 */
// eslint-disable-next-line @typescript-eslint/require-await
export async function verifyBundle(
  file: string | Uint8Array,
  trust: Trust,
  expected: ExpectedStatement,
): Promise<BundleVerification> {
  if (trust.keys.length === 0) {
    throw new MlbomError('E_USAGE', 'no key is trusted', { next: 'name a public key with --key' });
  }
  const checks: Check[] = [];
  const bundle = ask(checks, 'bundle', file, parsed);
  const key = ask(checks, 'signature', bundle, (it) => signedBy(it, trust.keys));
  const signer = ask(checks, 'identity', key, (it) => identified(it, bundle?.material.hint));
  const statement = ask(checks, 'statement', signer && bundle, (it) => stated(it, expected));
  return {
    checks,
    ...(signer && { signer }),
    ...(bundle && statement && { statement, payloadDigest: payloadDigest(bundle) }),
  };
}

/** The answer to a check's question; without a value it is a "no". */
interface Answer<T> {
  readonly value?: T;
  readonly why: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** Asks the next question, unless the one that it rests on went unanswered, and notes the check. */
function ask<I, T>(
  checks: Check[],
  id: string,
  on: I | undefined,
  question: (on: I) => Answer<T>,
): T | undefined {
  if (on === undefined) {
    checks.push(notExamined(id));
    return undefined;
  }
  const { value, why, ...rest } = answered(() => question(on));
  checks.push(check(id, value === undefined ? 'fail' : 'pass', why, rest));
  return value;
}

/** A library's plain error about hostile input means no more than one of ours: the answer is "no". */
function answered<T>(question: () => Answer<T>): Answer<T> {
  try {
    return question();
  } catch (error) {
    return { why: messageOf(error) };
  }
}

function parsed(file: string | Uint8Array): Answer<Bundle> {
  return { value: readBundle(file), why: 'a Sigstore bundle with one signature over one payload' };
}

/**
 * The key decides which hash is used, never the bundle. OpenSSL takes an ECDSA signature in DER alone, encoded canonically
 * and without bytes after it. (r, n−s) verifies as (r, s) does, for every ECDSA verifier; nothing here names a statement
 * by its signature.
 */
function signedBy(bundle: Bundle, keys: readonly PublicKey[]): Answer<PublicKey> {
  const signed = preAuthEncoding(bundle.payloadType, bundle.payload);
  const value = keys.find(({ key, algorithm }) =>
    verify(keyAlgorithmTraits[algorithm].hash, signed, key, bundle.signature),
  );
  if (value) return { value, why: 'made over the payload with a trusted key' };
  const { hint, kind } = bundle.material;
  const named = hint !== undefined && keys.some((key) => isNamedBy(key, hint));
  return {
    why: named
      ? 'the trusted key that the bundle names did not sign this: something was changed after signing'
      : 'no trusted key made this signature',
    expected: keys.map(nameOf).join(', '),
    actual: (hint ?? kind).slice(0, 256),
  };
}

function identified(key: PublicKey, hint: string | undefined): Answer<Identity> {
  const namesOther = hint !== undefined && !isNamedBy(key, hint);
  return {
    value: identityOf(key),
    actual: nameOf(key),
    why: `${shortNameOf(key)}${namesOther ? ', whatever other key the hint in the bundle names' : ''}`,
  };
}

function stated(bundle: Bundle, expected: ExpectedStatement): Answer<Statement<JsonObject>> {
  if (bundle.payloadType !== statementMediaType) {
    return {
      why: 'the payload is no in-toto statement',
      expected: statementMediaType,
      actual: bundle.payloadType.slice(0, 256),
    };
  }
  const value = readStatement(bundle.payload);
  const types = { expected: expected.predicateType, actual: value.predicateType.slice(0, 256) };
  if (value.predicateType !== expected.predicateType)
    return { why: 'the statement says something else', ...types };
  return { value, why: `in-toto, about ${value.subject.length} subjects`, ...types };
}

function nameOf({ algorithm, fingerprint }: PublicKey): string {
  return `${algorithm} key sha256:${fingerprint}`;
}

/** Enough of the fingerprint to tell one's keys apart; the whole stands beside it. */
function shortNameOf({ algorithm, fingerprint }: PublicKey): string {
  return `${algorithm} key sha256:${fingerprint.slice(0, 16)}…`;
}
