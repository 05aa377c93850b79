/**
 * The CycloneDX JSON that mlbom reads and writes, as plain data (ECMA-424; 1.6 and 1.7).
 * It names the fields that mlbom works with. All others stay in the object as they were read, so that a document
 * survives reading and writing unchanged.
 */
import type { ComponentType } from './component-type.ts';

export type SpecVersion = '1.6' | '1.7';

export interface Bom {
  $schema?: string;
  bomFormat: 'CycloneDX';
  /** Readers meet older ones too; mlbom writes `SpecVersion`. */
  specVersion: string;
  serialNumber?: string;
  version?: number;
  metadata?: BomMetadata;
  components?: Component[];
  services?: Service[];
  dependencies?: Dependency[];
  compositions?: Composition[];
  formulation?: Formula[];
  declarations?: { claims?: Claim[] } & Record<string, unknown>;
  definitions?: { standards?: Standard[] } & Record<string, unknown>;
  citations?: Citation[];
  annotations?: Annotation[];
  vulnerabilities?: Vulnerability[];
  properties?: Property[];
  externalReferences?: ExternalReference[];
}

export interface BomMetadata {
  timestamp?: string;
  lifecycles?: { phase?: string; name?: string; description?: string }[];
  /** 1.4's array of tools is deprecated and read all the same. */
  tools?: { components?: Component[] } | unknown[];
  authors?: Contact[];
  component?: Component;
  manufacturer?: Organization;
  supplier?: Organization;
  licenses?: LicenseChoice[];
  properties?: Property[];
}

export interface Component {
  type: ComponentType;
  'bom-ref'?: string;
  'mime-type'?: string;
  name: string;
  group?: string;
  version?: string;
  description?: string;
  supplier?: Organization;
  manufacturer?: Organization;
  authors?: Contact[];
  hashes?: Hash[];
  licenses?: LicenseChoice[];
  copyright?: string;
  purl?: string;
  pedigree?: Pedigree;
  externalReferences?: ExternalReference[];
  components?: Component[];
  evidence?: ComponentEvidence;
  modelCard?: ModelCard;
  data?: ComponentData[];
  properties?: Property[];
  tags?: string[];
}

export interface Property {
  name: string;
  value?: string;
}

export interface Hash {
  alg: string;
  content: string;
}

export interface Contact {
  'bom-ref'?: string;
  name?: string;
  email?: string;
  phone?: string;
}

export interface Organization {
  'bom-ref'?: string;
  name?: string;
  url?: string[];
  contact?: Contact[];
}

export interface License {
  'bom-ref'?: string;
  id?: string;
  name?: string;
  url?: string;
  acknowledgement?: 'declared' | 'concluded';
}

export type LicenseChoice =
  | { license: License }
  | { expression: string; 'bom-ref'?: string; acknowledgement?: 'declared' | 'concluded' };

export interface ExternalReference {
  type: string;
  url: string;
  comment?: string;
  hashes?: Hash[];
  properties?: Property[];
}

export interface Pedigree {
  ancestors?: Component[];
  descendants?: Component[];
  variants?: Component[];
  notes?: string;
}

export interface ComponentEvidence {
  /** 1.5's single object is deprecated and read all the same. */
  identity?: IdentityEvidence[] | IdentityEvidence;
  occurrences?: { 'bom-ref'?: string; location: string; offset?: number; additionalContext?: string }[];
}

export interface IdentityEvidence {
  field: string;
  confidence?: number;
  concludedValue?: string;
  methods?: { technique: string; confidence: number; value?: string }[];
  tools?: string[];
}

export interface ModelCard {
  'bom-ref'?: string;
  modelParameters?: ModelParameters;
  quantitativeAnalysis?: { performanceMetrics?: PerformanceMetric[] };
  considerations?: Considerations;
  properties?: Property[];
}

export interface ModelParameters {
  approach?: { type: string };
  task?: string;
  architectureFamily?: string;
  modelArchitecture?: string;
  /** A dataset inline, or a reference to a `data` component. */
  datasets?: (ComponentData | { ref: string })[];
  inputs?: { format: string }[];
  outputs?: { format: string }[];
}

export interface PerformanceMetric {
  type?: string;
  value?: string;
  slice?: string;
  confidenceInterval?: { lowerBound?: string; upperBound?: string };
}

export interface Considerations {
  users?: string[];
  useCases?: string[];
  technicalLimitations?: string[];
  performanceTradeoffs?: string[];
  ethicalConsiderations?: { name?: string; mitigationStrategy?: string }[];
  environmentalConsiderations?: { energyConsumptions?: EnergyUse[]; properties?: Property[] };
}

export interface EnergyUse {
  activity: string;
  energyProviders: { organization: Organization; energySource: string; energyProvided: Amount }[];
  activityEnergyCost: Amount;
  co2CostEquivalent?: Amount;
}

export interface Amount {
  value: number;
  unit: string;
}

export interface ComponentData {
  'bom-ref'?: string;
  type: 'source-code' | 'configuration' | 'dataset' | 'definition' | 'other';
  name?: string;
  contents?: { url?: string; properties?: Property[] };
  classification?: string;
  sensitiveData?: string[];
  description?: string;
  governance?: { custodians?: Custodian[]; stewards?: Custodian[]; owners?: Custodian[] };
}

export interface Custodian {
  organization?: Organization;
  contact?: Contact;
}

export interface Dependency {
  ref: string;
  dependsOn?: string[];
  provides?: string[];
}

export interface Composition {
  'bom-ref'?: string;
  aggregate: string;
  assemblies?: string[];
  dependencies?: string[];
}

/** What somebody says of a thing in the BOM. */
export interface Claim {
  'bom-ref'?: string;
  target?: string;
  predicate?: string;
  externalReferences?: ExternalReference[];
}

export interface Standard {
  'bom-ref'?: string;
  name?: string;
  version?: string;
  externalReferences?: ExternalReference[];
}

/** A finding: a rule that matched in a component. */
export interface Vulnerability {
  'bom-ref'?: string;
  id?: string;
  source?: { name?: string; url?: string };
  references?: { id: string; source: { name?: string; url?: string } }[];
  ratings?: { source?: { name?: string; url?: string }; severity?: string; method?: string }[];
  cwes?: number[];
  description?: string;
  detail?: string;
  recommendation?: string;
  affects?: { ref: string }[];
  properties?: Property[];
}

/** 1.7: who said what a field says. */
export interface Citation {
  'bom-ref'?: string;
  /** JSON Pointers into the document (RFC 6901). */
  pointers?: string[];
  expressions?: string[];
  timestamp: string;
  attributedTo?: string;
  process?: string;
  note?: string;
}

export interface Annotation {
  'bom-ref'?: string;
  subjects: string[];
  annotator: Record<string, unknown>;
  timestamp: string;
  text: string;
}

export interface Service {
  'bom-ref'?: string;
  name: string;
  description?: string;
  endpoints?: string[];
  data?: ServiceData[];
  properties?: Property[];
}

export interface ServiceData {
  flow: 'inbound' | 'outbound' | 'bi-directional' | 'unknown';
  classification: string;
  name?: string;
  description?: string;
  source?: string[];
  destination?: string[];
  governance?: ComponentData['governance'];
}

export interface Formula {
  'bom-ref'?: string;
  components?: Component[];
  workflows?: Workflow[];
}

export interface Workflow {
  'bom-ref': string;
  uid: string;
  name?: string;
  description?: string;
  taskTypes: string[];
  tasks?: (Omit<Workflow, 'tasks'> & Record<string, unknown>)[];
  inputs?: Record<string, unknown>[];
  outputs?: Record<string, unknown>[];
  timeStart?: string;
  timeEnd?: string;
  properties?: Property[];
}
