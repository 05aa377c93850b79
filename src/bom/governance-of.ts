import type { ComponentData, Custodian } from '../core/bom.ts';
import type { DataGovernance, Party } from '../core/fact.ts';
import { organizationOf } from './party.ts';

/** Who answers for data, as the field `governance`; nothing when nobody is named. */
export function governanceOf(governance: DataGovernance): {
  governance?: NonNullable<ComponentData['governance']>;
} {
  const named = {
    ...list('custodians', governance.custodians),
    ...list('stewards', governance.stewards),
    ...list('owners', governance.owners),
  };
  return Object.keys(named).length > 0 ? { governance: named } : {};
}

function list(role: string, parties: readonly Party[] = []): Record<string, Custodian[]> {
  return parties.length > 0
    ? { [role]: parties.map((party) => ({ organization: organizationOf(party) })) }
    : {};
}
