import type { Bom, BomMetadata, Composition, Contact, Dependency, ExternalReference } from '../core/bom.ts';
import type { Declaration } from '../core/declaration.ts';
import type { FindingRule } from '../core/finding.ts';
import type { Inventory, Item } from '../core/inventory.ts';
import { citationsOf, type Cited } from './citations-of.ts';
import { componentOf } from './component-of.ts';
import { declaredFields, evidenceProperties } from './declared-fields.ts';
import { examinationOf, unmadeOf } from './examination-of.ts';
import { fileFinder } from './file-refs.ts';
import { formulationOf } from './formulation-of.ts';
import { licenseChoice } from './license-choice.ts';
import { contactOf, organizationOf } from './party.ts';
import { securityOf } from './security-of.ts';
import { serialNumberOf } from './serial-number.ts';
import { servicesOf } from './services-of.ts';
import { vulnerabilitiesOf } from './vulnerabilities-of.ts';

export interface AssembleOptions {
  /** RFC 3339, in UTC, to the second. */
  readonly timestamp: string;
  /** The version of mlbom. */
  readonly toolVersion: string;
  readonly declaration?: Declaration;
  /** What the findings' rules say of themselves. */
  readonly rules?: readonly FindingRule[];
  /** A SARIF report that stands beside the BOM. */
  readonly report?: { readonly name: string; readonly sha256: string };
}

const tool = 'tool:mlbom';
const author = 'author:1';

/**
 * The inventory as a CycloneDX 1.7 document (ECMA-424). The same inventory and options give the same document.
 * The subject is `metadata.component`; what it is made of is nested in it, what it needs stands beside it.
 */
export function assemble(inventory: Inventory, options: AssembleOptions): Bom {
  const { subject, items } = inventory;
  const { declaration, timestamp } = options;
  const cited: Cited[] = [];
  const component = componentOf(subject, '/metadata/component', cited);
  const components = items.map((item, index) => componentOf(item, `/components/${index}`, cited));
  const services = servicesOf(declaration);
  const formulation = formulationOf(declaration, subject.ref, inventory.runs);
  const vulnerabilities = vulnerabilitiesOf(inventory, options.rules ?? []);
  const { annotations: examined = [], properties } = examinationOf(inventory, options);
  const annotations = [...examined, ...unmadeOf(inventory, declaration?.training !== undefined, options)];
  const declared = declaredFields(declaration);
  const declaredBy = declaration?.bom?.authors?.length ? author : tool;
  const bom: Bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    version: 1,
    metadata: { ...metadataOf(options), component, ...evidenceProperties(declared) },
    ...(components.length > 0 ? { components } : {}),
    ...(services.length > 0 ? { services } : {}),
    dependencies: [subject, ...items].flatMap(dependenciesOf),
    compositions: [
      ...compositionsOf(subject),
      ...declaredOnly(items),
      { aggregate: 'unknown', dependencies: [subject.ref] },
    ],
    ...(vulnerabilities.length > 0 ? { vulnerabilities } : {}),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(formulation.length > 0 ? { formulation } : {}),
    ...securityOf(declaration, subject.ref),
    ...citationsOf([...cited, ...declared], { fileRef: fileFinder(subject), tool, declaredBy, timestamp }),
    ...(properties ? { properties } : {}),
    ...(options.report ? { externalReferences: [reportReference(options.report)] } : {}),
  };
  return { ...bom, serialNumber: serialNumberOf(bom) };
}

function reportReference({ name, sha256 }: { name: string; sha256: string }): ExternalReference {
  const hashes = [{ alg: 'SHA-256', content: sha256 }];
  return { type: 'static-analysis-report', url: encodeURIComponent(name), comment: 'SARIF 2.1.0', hashes };
}

function metadataOf({
  timestamp,
  toolVersion,
  declaration,
}: AssembleOptions): Omit<BomMetadata, 'component'> {
  const { authors = [], supplier, manufacturer, lifecycle, license } = declaration?.bom ?? {};
  return {
    timestamp,
    tools: {
      components: [
        {
          type: 'application',
          'bom-ref': tool,
          name: 'mlbom',
          version: toolVersion,
          purl: `pkg:npm/mlbom@${toolVersion}`,
          licenses: [{ license: { id: 'Apache-2.0' } }],
        },
      ],
    },
    ...(authors.length > 0 ? { authors: authors.map(authorOf) } : {}),
    ...(supplier ? { supplier: organizationOf(supplier) } : {}),
    ...(manufacturer ? { manufacturer: organizationOf(manufacturer) } : {}),
    ...(lifecycle === undefined ? {} : { lifecycles: [{ phase: lifecycle }] }),
    ...(license === undefined ? {} : { licenses: [licenseChoice({ license })] }),
  };
}

/** The first author can be cited. */
function authorOf(party: Parameters<typeof contactOf>[0], index: number): Contact {
  return index === 0 ? { 'bom-ref': author, ...contactOf(party) } : contactOf(party);
}

/** A line for everything but plain files: what it needs, what it nests that can need something, its data. */
function dependenciesOf(item: Item): Dependency[] {
  if (item.file) return [];
  const needs = [...new Set([...item.dependsOn, ...item.datasets])].sort();
  return [
    { ref: item.ref, ...(needs.length > 0 ? { dependsOn: needs } : {}) },
    ...item.items.flatMap(dependenciesOf),
  ];
}

/** Whether everything that lies in an artifact is in the BOM. */
function compositionsOf(item: Item): Composition[] {
  const nested = item.items.flatMap((inner) => (inner.file ? [] : compositionsOf(inner)));
  if (!item.artifact) return nested;
  return [{ aggregate: isIncomplete(item) ? 'incomplete' : 'complete', assemblies: [item.ref] }, ...nested];
}

function isIncomplete(item: Item): boolean {
  return item.problems.some((problem) => problem.effect === 'incomplete') || item.items.some(isIncomplete);
}

/** Datasets that somebody names and whose bytes nobody read. */
function declaredOnly(items: readonly Item[]): Composition[] {
  const refs = items
    .filter((item) => item.type === 'data' && item.places.length === 0)
    .map((item) => item.ref);
  return refs.length > 0 ? [{ aggregate: 'incomplete', assemblies: refs }] : [];
}
