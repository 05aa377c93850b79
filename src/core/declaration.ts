import type { BaseRelation, DataGovernance, EnergyConsumption, Metric, Party, Person } from './fact.ts';

/**
 * What no byte can say: written by the user in a `--declare` file or in `mlbom.json` (`schemas/config-v1`).
 * Every value of it is marked `declared` in the BOM.
 */
export interface Declaration {
  /** The base name of the file it was read from; of several, all names, the one that goes first first. Evidence points there. */
  readonly source: string;
  readonly bom?: DeclaredBom;
  readonly component?: DeclaredComponent;
  readonly datasets?: readonly DeclaredDataset[];
  readonly dataFlows?: readonly DeclaredDataFlow[];
  readonly training?: DeclaredTraining;
  readonly security?: DeclaredSecurity;
}

/** About the document itself. */
export interface DeclaredBom {
  readonly authors?: readonly Person[];
  readonly supplier?: Party;
  readonly manufacturer?: Party;
  /** When in the life of the system this was made: `design` … `decommission`. */
  readonly lifecycle?: string;
  /** SPDX id of the licence of the BOM's own text. */
  readonly license?: string;
}

/** About the subject. */
export interface DeclaredComponent {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly purl?: string;
  readonly license?: string;
  readonly copyright?: string;
  readonly supplier?: Party;
  readonly manufacturer?: Party;
  readonly authors?: readonly Person[];
  /** A mail address or a URL. */
  readonly securityContact?: string;
  readonly classification?: string;
  readonly releaseDate?: string;
  readonly tags?: readonly string[];
  readonly references?: readonly { readonly type: string; readonly url: string; readonly comment?: string }[];
  readonly task?: string;
  readonly approach?: string;
  readonly architectureFamily?: string;
  readonly modelArchitecture?: string;
  /** A number, or `7B`. */
  readonly parameters?: number | string;
  readonly dtype?: string;
  readonly contextLength?: number;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly users?: readonly string[];
  readonly useCases?: readonly string[];
  readonly technicalLimitations?: readonly string[];
  readonly performanceTradeoffs?: readonly string[];
  readonly ethicalConsiderations?: readonly { readonly name: string; readonly mitigationStrategy?: string }[];
  readonly metrics?: readonly DeclaredMetric[];
  readonly energyConsumptions?: readonly EnergyConsumption[];
  readonly baseModels?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly relation?: BaseRelation;
  }[];
}

export interface DeclaredMetric extends Omit<Metric, 'value' | 'confidenceInterval'> {
  readonly value: string | number;
  readonly confidenceInterval?: { readonly lower: string | number; readonly upper: string | number };
}

export interface DeclaredDataset extends DataGovernance {
  readonly name: string;
  readonly version?: string;
  readonly url?: string;
  readonly description?: string;
  readonly license?: string;
  readonly sha256?: string;
  /** Where the data came from, and how it was collected, labelled and cleaned. */
  readonly provenance?: string;
  /** Rows, tokens, shares of classes: numbers by name. */
  readonly statistics?: Readonly<Record<string, string | number>>;
}

/** One flow of data into or out of the system, as a service of the BOM. */
export interface DeclaredDataFlow extends DataGovernance {
  /** The service or process that moves the data. */
  readonly service: string;
  readonly flow: 'inbound' | 'outbound' | 'bi-directional' | 'unknown';
  readonly name?: string;
  readonly description?: string;
  readonly source?: readonly string[];
  readonly destination?: readonly string[];
  readonly endpoints?: readonly string[];
}

/** The run that made the weights, as a workflow of the BOM's formulation. */
export interface DeclaredTraining {
  readonly run: string;
  readonly description?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** URLs of code and data that went in. */
  readonly inputs?: readonly string[];
}

/** What is done for security, as claims about the subject, and the standards that it follows. */
export interface DeclaredSecurity {
  readonly controls?: readonly { readonly claim: string; readonly evidence?: string }[];
  readonly standards?: readonly { readonly name: string; readonly version?: string; readonly url?: string }[];
}
