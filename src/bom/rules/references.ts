import { percentDecoded } from './percent-decoded.ts';
import { holderOf, pointerOf, type Place } from './places.ts';
import {
  componentMembers,
  isDefinition,
  none,
  quoted,
  textOf,
  violation,
  type DocumentIndex,
  type LintRule,
} from './rule.ts';

const componentOrService = [...componentMembers, 'services', 'service'];
const processes = ['formulation', 'workflows', 'tasks', 'steps', 'workspaces', 'triggers', 'trigger'];
const patents = ['patents'];
/** Data, or a component of type data. */
const datasets = [...componentMembers, 'data', 'datasets'];

/**
 * Every reference of 1.6 and 1.7 (a test holds this table against the schemas), as `holder.member`, and what it may
 * lead to: the members that hold such objects; all when empty.
 */
export const references: Readonly<Record<string, readonly string[]>> = {
  'dependencies.ref': componentOrService,
  'dependencies.dependsOn': componentOrService,
  'dependencies.provides': componentOrService,
  'taskDependencies.ref': ['tasks'],
  'taskDependencies.dependsOn': ['tasks'],
  'taskDependencies.provides': [],
  'runtimeTopology.ref': [],
  'runtimeTopology.dependsOn': [],
  'runtimeTopology.provides': [],
  'compositions.assemblies': componentOrService,
  'compositions.dependencies': componentOrService,
  'compositions.vulnerabilities': ['vulnerabilities'],
  'datasets.ref': datasets,
  'identity.tools': componentOrService,
  'affects.ref': componentOrService,
  'annotations.subjects': [],
  'citations.attributedTo': [],
  'citations.process': processes,
  'resource.ref': [],
  'source.ref': [],
  'target.ref': [],
  'resourceReferences.ref': [],
  'attestations.assessor': ['assessors'],
  'map.requirement': ['requirements'],
  'map.claims': ['claims'],
  'map.counterClaims': ['claims'],
  'conformance.mitigationStrategies': ['evidence'],
  'claims.target': [],
  'claims.mitigationStrategies': ['evidence'],
  'claims.evidence': ['evidence'],
  'claims.counterEvidence': ['evidence'],
  'requirements.parent': ['requirements'],
  'levels.requirements': ['requirements'],
  'patents.members': patents,
  'patentAssertions.patentRefs': patents,
  'patentAssertions.asserter': [],
  'certificateProperties.signatureAlgorithmRef': componentMembers,
  'certificateProperties.subjectPublicKeyRef': componentMembers,
  'relatedCryptoMaterialProperties.algorithmRef': componentMembers,
  'securedBy.algorithmRef': componentMembers,
  'cipherSuites.algorithms': componentMembers,
  'ikev2TransformTypes.encr': componentMembers,
  'ikev2TransformTypes.prf': componentMembers,
  'ikev2TransformTypes.integ': componentMembers,
  'ikev2TransformTypes.ke': componentMembers,
  'ikev2TransformTypes.auth': componentMembers,
  'ikev2TransformTypes.esn': [],
  'encr.algorithm': componentMembers,
  'prf.algorithm': componentMembers,
  'integ.algorithm': componentMembers,
  'ke.algorithm': componentMembers,
  'auth.algorithm': componentMembers,
  'protocolProperties.cryptoRefArray': componentMembers,
  'relatedCryptographicAssets.ref': componentMembers,
};

/** The same table by member, then by holder. */
const byMember = new Map<string, Map<string, readonly string[]>>();
for (const [key, targets] of Object.entries(references)) {
  const [holder = '', member = ''] = key.split('.');
  byMember.set(member, (byMember.get(member) ?? new Map<string, readonly string[]>()).set(holder, targets));
}
const referringMembers = [...byMember.keys()];

export const referenceRules: readonly LintRule[] = [
  {
    id: 'MLB-BOM-001',
    severity: 'error',
    title: 'A reference leads nowhere',
    why: 'The schema cannot see it. A dependency, dataset or composition that names nothing says nothing, in silence.',
    on: referringMembers,
    check(place, index) {
      const { value: ref } = place;
      if (typeof ref !== 'string' || targetsOf(place) === undefined) return none;
      if (resolve(ref, index) !== undefined || isElsewhere(ref, index)) return none;
      return violation(
        `nothing in this BOM has the bom-ref ${quoted(ref)}`,
        'correct it, or give that bom-ref to what is meant',
      );
    },
  },
  {
    id: 'MLB-BOM-002',
    severity: 'error',
    title: 'A bom-ref is given twice',
    why: 'Every bom-ref must be unique within the BOM; otherwise each reader follows a different one.',
    on: ['bom-ref'],
    check(place, index) {
      const { value, parent } = place;
      if (typeof value !== 'string' || parent === undefined || !isDefinition(parent)) return none;
      const definition = index.definitions.get(value);
      if (definition === undefined || definition.count === 1) return none;
      const first = pointerOf(definition.place);
      if (first === pointerOf(parent)) return none;
      return violation(`${quoted(value)} is already the bom-ref of ${first}`, 'make every bom-ref unique');
    },
  },
  {
    id: 'MLB-BOM-003',
    severity: 'error',
    title: 'A reference leads to another kind of thing',
    why: 'The specification says what each reference may name: a dependency names a component or service, a dataset data.',
    on: referringMembers,
    check(place, index) {
      const { value: ref } = place;
      const allowed = targetsOf(place);
      if (typeof ref !== 'string' || allowed === undefined || allowed.length === 0) return none;
      const target = resolve(ref, index);
      if (target === undefined || isAllowed(target, allowed)) return none;
      return violation(
        `leads to ${pointerOf(target)}, which cannot be meant here`,
        'name the bom-ref of the thing meant',
      );
    },
  },
  {
    id: 'MLB-BOM-004',
    severity: 'warning',
    title: 'A bom-ref looks like a BOM-Link',
    why: 'The specification says that a bom-ref should not start with "urn:cdx:", so that it is not taken for a link.',
    on: ['bom-ref'],
    check({ value }) {
      if (typeof value !== 'string' || !value.startsWith('urn:cdx:')) return none;
      return violation('starts with "urn:cdx:"', 'choose another bom-ref');
    },
  },
];

/** What may be meant at a place, `undefined` when it is no reference. */
function targetsOf(place: Place): readonly string[] | undefined {
  return byMember.get(place.owner)?.get(holderOf(place)?.owner ?? '');
}

function isAllowed(target: Place, allowed: readonly string[]): boolean {
  if (!allowed.includes(target.owner)) return false;
  const isComponent = componentMembers.some((member) => member === target.owner);
  return allowed !== datasets || !isComponent || textOf(target.value, 'type') === 'data';
}

const bomLink = /^urn:cdx:([0-9a-f-]{36})\/([1-9]\d*)(?:#(.+))?$/;

/** A BOM-Link into this very document is a reference like any other. */
function resolve(ref: string, index: DocumentIndex): Place | undefined {
  const own = index.definitions.get(ref);
  if (own !== undefined) return own.place;
  const [, serial, version, element] = bomLink.exec(ref) ?? [];
  if (serial === undefined || element === undefined || !isThis(serial, version, index)) return undefined;
  return index.definitions.get(percentDecoded(element))?.place;
}

/** A BOM-Link to another document, or to this one as a whole. */
function isElsewhere(ref: string, index: DocumentIndex): boolean {
  const [whole, serial, version, element] = bomLink.exec(ref) ?? [];
  return whole !== undefined && (element === undefined || !isThis(serial, version, index));
}

function isThis(
  serial: string | undefined,
  version: string | undefined,
  { document }: DocumentIndex,
): boolean {
  return document['serialNumber'] === `urn:uuid:${serial}` && (document['version'] ?? 1) === Number(version);
}
