import type { Bom } from '../core/bom.ts';
import type { Declaration } from '../core/declaration.ts';

/** What is declared to be done for security, as claims about the subject, and the standards it is said to follow. */
export function securityOf(
  declaration: Declaration | undefined,
  subject: string,
): Pick<Bom, 'declarations' | 'definitions'> {
  const { controls = [], standards = [] } = declaration?.security ?? {};
  const claims = controls.map(({ claim, evidence }, index) => ({
    'bom-ref': `claim:${index + 1}`,
    target: subject,
    predicate: claim,
    ...linked('evidence', evidence),
  }));
  const named = standards.map(({ name, version, url }, index) => ({
    'bom-ref': `standard:${index + 1}`,
    name,
    ...(version === undefined ? {} : { version }),
    ...linked('documentation', url),
  }));
  return {
    ...(claims.length > 0 ? { declarations: { claims } } : {}),
    ...(named.length > 0 ? { definitions: { standards: named } } : {}),
  };
}

function linked(
  type: string,
  url: string | undefined,
): { externalReferences?: { type: string; url: string }[] } {
  return url === undefined ? {} : { externalReferences: [{ type, url }] };
}
