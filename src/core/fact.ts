import type { ComponentType } from './component-type.ts';
import type { Digest } from './digest.ts';
import type { Evidence } from './evidence.ts';
import type { TensorRecord } from './manifest.ts';
import type { PropertyName } from './vocabulary.ts';

/** A person; at least one of the fields says something. */
export interface Person {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** An organization, or a person in its place. */
export interface Party extends Person {
  readonly url?: string;
}

/** A licence as its source wrote it: an SPDX id or expression, or a name that SPDX does not know. */
export interface LicenseClaim {
  readonly license: string;
  readonly url?: string;
}

export interface Metric {
  readonly type: string;
  readonly value: string;
  /** The data it was measured on. */
  readonly slice?: string;
  readonly confidenceInterval?: { readonly lowerBound: string; readonly upperBound: string };
}

/** The energy that one activity took, and who provided it. */
export interface EnergyConsumption {
  /** CycloneDX's list: `training`, `inference`, … */
  readonly activity: string;
  readonly kilowattHours: number;
  /** Tonnes of CO2 equivalent. */
  readonly co2Tonnes?: number;
  readonly provider: Party;
  /** CycloneDX's list: `wind`, `unknown`, … */
  readonly energySource: string;
}

export interface Reference {
  /** CycloneDX's type of external reference: `website`, `vcs`, `model-card`, … */
  readonly type: string;
  readonly url: string;
  readonly comment?: string;
  /** Digests of what lies there, as their source wrote them down. */
  readonly hashes?: readonly Digest[];
}

/** Where personal or confidential data is said to go, and what it is. */
export interface DataGovernance {
  readonly classification?: string;
  readonly sensitiveData?: readonly string[];
  readonly owners?: readonly Party[];
  readonly custodians?: readonly Party[];
  readonly stewards?: readonly Party[];
}

/** The attributes that a BOM has a field for. Lists are united over their sources, single values are chosen. */
export interface StandardAttributes {
  name: string;
  group: string;
  version: string;
  description: string;
  purl: string;
  mimeType: string;
  copyright: string;
  license: LicenseClaim;
  supplier: Party;
  manufacturer: Party;
  authors: readonly Party[];
  tags: readonly string[];
  references: readonly Reference[];
  hash: Digest;
  /** `text-generation` and its like: the Hub's pipeline tag. */
  task: string;
  /** `supervised`, `unsupervised`, `reinforcement-learning`, `semi-supervised`, `self-supervised` */
  approach: string;
  /** `llama`, `bert`: what the layers are. */
  architectureFamily: string;
  /** `LlamaForCausalLM`: the class or exporter's name of the whole. */
  modelArchitecture: string;
  inputs: readonly string[];
  outputs: readonly string[];
  metrics: readonly Metric[];
  users: readonly string[];
  useCases: readonly string[];
  technicalLimitations: readonly string[];
  performanceTradeoffs: readonly string[];
  ethicalConsiderations: readonly { readonly name: string; readonly mitigationStrategy?: string }[];
  energyConsumptions: readonly EnergyConsumption[];
  governance: DataGovernance;
  /** Where a thing came from, in words. */
  provenance: string;
}

/** Attributes by name: the standard ones, and every `mlbom:*` property of the vocabulary as text. */
export type Attributes = StandardAttributes & Record<PropertyName, string>;
export type AttributeName = keyof Attributes;

/** One value with where it comes from. Two attributes of one name are two statements; both are kept. */
export type Attribute = {
  [N in AttributeName]: { readonly name: N; readonly value: Attributes[N]; readonly evidence: Evidence };
}[AttributeName];

/** How a model came from another: the Hub's four, and what nobody said. */
export const baseRelations = ['finetune', 'adapter', 'merge', 'quantized', 'unspecified'] as const;
export type BaseRelation = (typeof baseRelations)[number];

/** A thing outside the fact, by whatever is known of it. */
export interface Target {
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly url?: string;
}

/** An edge from the fact's thing to another one. */
export type Relation = { readonly evidence: Evidence } & (
  | { readonly type: 'base-model'; readonly how: BaseRelation; readonly to: Target }
  | { readonly type: 'dataset'; readonly to: Target }
  /** It needs this other thing, where the artifact has it. */
  | { readonly type: 'depends-on'; readonly to: Target }
  /** The first `bytes` bytes of another file of the same artifact are used by this one: ONNX external data. */
  | { readonly type: 'part'; readonly path: string; readonly bytes: number }
);

/**
 * What a fact is about, from which the inventory finds its place:
 * `file`: the file alone; `weights`: a model's weights, or one numbered part of them;
 * `index`: the list of parts of a model; `directory`: the repository in that directory (`.` is the root);
 * `component`: a thing of its own: a package, an environment, a dataset. All facts with one `key` are about one thing;
 * `path` is where it lies (a `platform` or a `data` there holds what lies below it). A thing without a path is only
 * spoken of, and is the same as the one with its purl that lies somewhere.
 */
export type About =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'weights'; readonly path: string; readonly part?: Part }
  | {
      readonly kind: 'index';
      readonly path: string;
      readonly parts: readonly IndexedPart[];
      /** What the tensors of all parts are said to take, in bytes. */
      readonly tensorBytes?: number;
    }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'component'; readonly key: string; readonly path?: string };

/** One of `count` files that make a model; `set` is the same for all of them, `number` counts from 1. */
export interface Part {
  readonly set: string;
  readonly number: number;
  readonly count: number;
}

/** What an index expects of one part. */
export interface IndexedPart {
  readonly path: string;
  readonly tensors: readonly string[];
}

/** A tensor that a file declares. Its bytes lie in that file, or in `path`; a length of 0 says that no range has them. */
export interface DeclaredTensor extends TensorRecord {
  readonly path?: string;
}

/** The tensors of one weights file. */
export interface TensorTable {
  readonly tensors: readonly DeclaredTensor[];
}

/** What one collector states about one thing. */
export interface Fact {
  readonly about: About;
  /** What the thing is; `file` where the fact does not know better. */
  readonly type: ComponentType;
  readonly attributes: readonly Attribute[];
  readonly relations: readonly Relation[];
  readonly tensors?: TensorTable;
}

/** An attribute, with the types of its name and value tied together. */
export function attribute<N extends AttributeName>(
  name: N,
  value: Attributes[N],
  evidence: Evidence,
): Attribute {
  return { name, value, evidence } as Attribute;
}
