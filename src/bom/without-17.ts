import { isObject, setMember, type JsonObject, type JsonValue } from '../core/json.ts';
import type { Loss } from './downgrade.ts';
import { escapeToken } from '../core/json-pointer.ts';

/** Members that 1.7 added, by the member that holds the object; `*` for everywhere. */
const added: Readonly<Record<string, readonly string[]>> = {
  '*': ['isExternal', 'versionRange', 'patentAssertions'],
  '': ['citations'],
  metadata: ['distributionConstraints'],
  definitions: ['patents'],
  cipherSuites: ['tlsGroups', 'tlsSignatureSchemes'],
  algorithmProperties: ['algorithmFamily', 'ellipticCurve'],
  protocolProperties: ['relatedCryptographicAssets'],
  relatedCryptoMaterialProperties: ['fingerprint', 'relatedCryptographicAssets'],
  certificateProperties: [
    'serialNumber',
    'certificateFileExtension',
    'fingerprint',
    'certificateState',
    'creationDate',
    'activationDate',
    'deactivationDate',
    'revocationDate',
    'destructionDate',
    'certificateExtensions',
    'relatedCryptographicAssets',
  ],
};

/** Values that 1.7 added to closed lists which have "other"; by holder, then member. */
const addedValues: Readonly<Record<string, readonly [member: string, values: readonly string[]]>> = {
  externalReferences: ['type', ['patent', 'patent-family', 'patent-assertion', 'citation']],
  algorithmProperties: ['primitive', ['key-wrap']],
  protocolProperties: ['type', ['dtls', 'quic', 'eap-aka', 'eap-aka-prime', 'prins', '5g-aka']],
};

const addedHashes = ['Streebog-256', 'Streebog-512'];
const absent = 'CycloneDX 1.6 does not have it';

/** A copy of a 1.7 document in 1.6's terms; every difference goes to `lost`. */
export function without17(document: JsonObject, lost: Loss[]): JsonValue {
  return copy(document, '', '');

  function copy(value: JsonValue, owner: string, pointer: string): JsonValue {
    if (Array.isArray(value)) return list(value, owner, pointer);
    return isObject(value) ? object(value, owner, pointer) : value;
  }

  function list(items: JsonValue[], owner: string, pointer: string): JsonValue {
    if (owner === 'licenses') return licenses(items, pointer);
    return items.flatMap((item, index) => {
      const at = `${pointer}/${index}`;
      const algorithm = owner === 'hashes' && isObject(item) ? textOf(item['alg']) : '';
      if (addedHashes.includes(algorithm)) {
        lost.push({ pointer: at, reason: `CycloneDX 1.6 does not have the algorithm ${algorithm}` });
        return [];
      }
      if (isTransform(owner) && isObject(item)) return transform(item, at);
      return [copy(item, owner, at)];
    });
  }

  function object(value: JsonObject, owner: string, pointer: string): JsonObject {
    const result: JsonObject = {};
    for (const [name, member] of Object.entries(value)) {
      const at = `${pointer}/${escapeToken(name)}`;
      if (added['*']?.includes(name) || (Object.hasOwn(added, owner) && added[owner]?.includes(name))) {
        // `false` is what 1.6 means anyway.
        if (member !== false) lost.push({ pointer: at, reason: absent });
        continue;
      }
      setMember(result, name, name === 'signature' ? member : copy(member, name, at));
    }
    replaceValue(result, owner, pointer);
    if (owner === 'externalReferences') propertiesToComment(result, pointer);
    return result;
  }

  function replaceValue(result: JsonObject, owner: string, pointer: string): void {
    const [member, values] = (Object.hasOwn(addedValues, owner) ? addedValues[owner] : undefined) ?? [];
    const value = member === undefined ? undefined : result[member];
    if (member === undefined || typeof value !== 'string' || !values?.includes(value)) return;
    result[member] = 'other';
    lost.push({
      pointer: `${pointer}/${member}`,
      reason: `CycloneDX 1.6 does not have "${value}"; it became "other"`,
    });
    if (owner === 'externalReferences') comment(result, `type: ${value}`);
  }

  function propertiesToComment(result: JsonObject, pointer: string): void {
    const { properties } = result;
    if (!Array.isArray(properties)) return;
    delete result['properties'];
    const said = properties.filter(isObject).map(({ name, value }) => `${textOf(name)}=${textOf(value)}`);
    if (said.length === 0) return;
    comment(result, said.join('; '));
    lost.push({
      pointer: `${pointer}/properties`,
      reason: 'CycloneDX 1.6 does not have them here; the comment holds them',
    });
  }

  /** 1.6 has either licences or one expression. An expression among others becomes a licence by name. */
  function licenses(items: JsonValue[], pointer: string): JsonValue {
    const alone = items.length === 1;
    return items.map((item, index) => {
      const at = `${pointer}/${index}`;
      if (!isObject(item) || !Object.hasOwn(item, 'expression')) return copy(item, 'licenses', at);
      const { expression, ...rest } = item;
      const kept: JsonObject = {};
      for (const [name, member] of Object.entries(rest)) {
        const isKept =
          ['bom-ref', 'acknowledgement'].includes(name) ||
          (!alone && ['licensing', 'properties'].includes(name));
        if (isKept) setMember(kept, name, member);
        else lost.push({ pointer: `${at}/${escapeToken(name)}`, reason: absent });
      }
      if (alone) return { ...kept, expression: expression ?? null };
      lost.push({
        pointer: at,
        reason: 'CycloneDX 1.6 has no expression among other licences; it became a name',
      });
      return { license: { ...kept, name: expression ?? null } };
    });
  }

  /** An IKEv2 transform is an object in 1.7, and in 1.6 the reference to its algorithm. */
  function transform(item: JsonObject, at: string): JsonValue[] {
    const { algorithm } = item;
    if (typeof algorithm !== 'string' || Object.keys(item).length > 1)
      lost.push({ pointer: at, reason: absent });
    return typeof algorithm === 'string' ? [algorithm] : [];
  }
}

function isTransform(owner: string): boolean {
  return ['encr', 'prf', 'integ', 'ke', 'auth'].includes(owner);
}

function comment(reference: JsonObject, text: string): void {
  const { comment: earlier } = reference;
  reference['comment'] = typeof earlier === 'string' && earlier !== '' ? `${earlier} (${text})` : text;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
