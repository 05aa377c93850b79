import type { Severity } from '../core/severity.ts';

export interface ChangeRule {
  readonly severity: Severity;
  readonly title: string;
  /** Why an auditor should care: one or two sentences. */
  readonly why: string;
}

/** Every change id, once. Ids never change their meaning; documentation and SARIF are generated from this table. */
export const changeRules = {
  W001: {
    severity: 'critical',
    title: 'Weights changed at the same version',
    why: 'Other bytes under an unchanged version are what tampering looks like; whoever pinned the version now runs something else.',
  },
  W003: {
    severity: 'medium',
    title: 'Weights changed with a new version',
    why: 'Evaluations and approvals of the old version do not cover these bytes.',
  },
  W004: {
    severity: 'medium',
    title: 'Model facts changed',
    why: 'Architecture, element type, quantization and size decide how the model behaves and what it was evaluated as.',
  },
  W005: {
    severity: 'critical',
    title: 'Weights added at the same version',
    why: 'A loader may pick up the new file although the version promises the old content.',
  },
  W006: {
    severity: 'high',
    title: 'Weights removed at the same version',
    why: 'The model is no longer whole, or is loaded from elsewhere, although the version promises the old content.',
  },
  W007: {
    severity: 'medium',
    title: 'Weights added with a new version',
    why: 'The set of weights files changed: another format, another sharding or another model.',
  },
  W008: {
    severity: 'medium',
    title: 'Weights removed with a new version',
    why: 'The set of weights files changed: another format, another sharding or another model.',
  },
  T001: {
    severity: 'medium',
    title: 'Tokenizer, template or configuration changed',
    why: 'They steer what the same weights do: a chat template can carry instructions, a configuration can name code to run.',
  },
  T002: {
    severity: 'medium',
    title: 'Code beside the model changed',
    why: 'Loading a model with remote code enabled runs it.',
  },
  O001: {
    severity: 'low',
    title: 'Another file changed',
    why: 'It is part of the artifact that was signed.',
  },
  O002: { severity: 'low', title: 'Another file added', why: 'It was not part of the artifact before.' },
  O003: { severity: 'low', title: 'Another file removed', why: 'It was part of the artifact before.' },
  N001: {
    severity: 'low',
    title: 'Weights renamed or moved',
    why: 'The bytes are the same; what refers to them by name must follow.',
  },
  N002: {
    severity: 'info',
    title: 'Renamed or moved',
    why: 'It is the same thing under another name or in another place.',
  },
  N003: {
    severity: 'medium',
    title: 'Identity changed',
    why: 'What stands in the same place has another name or package URL: it may come from somebody else.',
  },
  C001: {
    severity: 'high',
    title: 'Licence changed',
    why: 'Rights to use, change or share it may be lost; no policy was consulted to say whether the new licence is allowed.',
  },
  C002: {
    severity: 'low',
    title: 'Licence stated for the first time',
    why: 'It should be checked against what is allowed.',
  },
  L001: {
    severity: 'critical',
    title: 'Base model swapped',
    why: 'The model comes from other weights than before, with their licence, data and risks.',
  },
  L002: {
    severity: 'high',
    title: 'Ancestor removed, or its content or revision changed',
    why: 'The recorded line of descent no longer leads to what was reviewed.',
  },
  L003: {
    severity: 'medium',
    title: 'Ancestor added',
    why: 'Licence, data and risks of the new ancestor apply.',
  },
  L004: {
    severity: 'medium',
    title: 'Relation to an ancestor changed',
    why: 'Fine-tuned, merged and quantized models differ in what they inherit.',
  },
  D001: {
    severity: 'high',
    title: 'Dataset added, removed or changed',
    why: 'What a model learnt from decides what it can leak, what it is biased by and which rights apply.',
  },
  D002: {
    severity: 'high',
    title: 'Data classified as more sensitive',
    why: 'Where it may be stored and processed depends on it, for the data and for every model trained on it.',
  },
  D003: {
    severity: 'medium',
    title: 'Data classified as less sensitive',
    why: 'Protection may be lifted because of it; the reason should be on record.',
  },
  I001: { severity: 'high', title: 'Model added', why: 'It was not part of the system that was reviewed.' },
  I002: {
    severity: 'high',
    title: 'Model removed',
    why: 'The system works without it now, or takes it from elsewhere.',
  },
  I003: {
    severity: 'low',
    title: 'Component added',
    why: 'It brings its own licence, vulnerabilities and supplier.',
  },
  I004: {
    severity: 'low',
    title: 'Component removed',
    why: 'What needed it must do without, or has it unrecorded.',
  },
  U001: {
    severity: 'low',
    title: 'Version changed',
    why: 'Approvals and known vulnerabilities are tied to versions.',
  },
  U002: {
    severity: 'high',
    title: 'Content changed at the same version',
    why: 'A version that was published once should keep its bytes: this is a rebuilt, a patched or a replaced component.',
  },
  K001: {
    severity: 'medium',
    title: 'Framework changed its major version',
    why: 'Loading, numerics and defaults may differ.',
  },
  E001: {
    severity: 'medium',
    title: 'Evidence became weaker',
    why: 'A value that was read from the bytes is now only what somebody says.',
  },
  E002: {
    severity: 'high',
    title: 'Content can no longer be compared',
    why: 'The digest that could have shown a change is gone, or made with another algorithm.',
  },
  X001: {
    severity: 'medium',
    title: 'Completeness dropped',
    why: 'The new BOM vouches for less: what is missing in it may still be there.',
  },
  X002: {
    severity: 'medium',
    title: 'New problem or contradiction',
    why: 'Something could not be read, or two statements do not fit, that was in order before.',
  },
  A001: {
    severity: 'low',
    title: 'Supplier, manufacturer or author changed',
    why: 'Somebody else is answerable for it now.',
  },
  M001: {
    severity: 'low',
    title: 'Description or model card changed',
    why: 'What is said about intended use, limits and performance is part of what was approved.',
  },
  G001: {
    severity: 'low',
    title: 'Another field changed',
    why: 'No rule knows what it means; look at it.',
  },
} as const satisfies Record<string, ChangeRule>;

export type ChangeId = keyof typeof changeRules;
