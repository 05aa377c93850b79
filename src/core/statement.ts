/** The media type of a statement's bytes in a DSSE envelope (in-toto attestation specification, v1). */
export const statementMediaType = 'application/vnd.in-toto+json';

export const statementType = 'https://in-toto.io/Statement/v1';

/** The predicate type under which cosign and others look for a CycloneDX BOM. */
export const cyclonedxPredicateType = 'https://cyclonedx.org/bom';

/** One thing a statement is about, named by digests: `{ sha256: <hex> }`. */
export interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** An in-toto statement, v1: what somebody says about some bytes. */
export interface Statement<P = unknown> {
  readonly _type: typeof statementType;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: P;
}
