/**
 * mlbom: signed bills of materials for AI systems, and the proof that a copy is what was built.
 * Everything the command line does can be done from here.
 */
export { attachTo, type AttachedTo, type AttachToOptions } from './operations/attach-to.ts';
export { diff } from './operations/diff.ts';
export { generate, type Generated, type GenerateOptions } from './operations/generate.ts';
export { keygen, type Keygen, type KeygenOptions } from './operations/keygen.ts';
export { sign, type Signed, type SignOptions } from './operations/sign.ts';
export { validate, type Validated } from './operations/validate.ts';
export { verify, type Verified, type VerifyOptions } from './operations/verify.ts';
export { readBom } from './bom/read.ts';
export { writeBom } from './bom/write.ts';
export { readSidecar, writeSidecar, type Sidecar } from './manifest/sidecar.ts';
export { canonicalJson } from './core/canonical-json.ts';
export { isMlbomError, MlbomError, type ErrorCode } from './core/errors.ts';
export type { Bom, Component, SpecVersion } from './core/bom.ts';
export type { Change, ComparedBom, Comparison } from './core/change.ts';
export type { Check, Outcome } from './core/check.ts';
export type { Declaration } from './core/declaration.ts';
export type { Inventory, Item } from './core/inventory.ts';
export type { FileDetail, Manifest, ManifestFile, TensorRecord } from './core/manifest.ts';
export type { Problem } from './core/problem.ts';
export type { Severity } from './core/severity.ts';
export type { Statement, Subject } from './core/statement.ts';
export type { ValidationFinding } from './core/validation-finding.ts';
export type { Verdict } from './core/verdict.ts';
