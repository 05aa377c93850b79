import type { Contact, Organization } from '../core/bom.ts';
import type { Party } from '../core/fact.ts';

/** A person or an organization as CycloneDX's contact. */
export function contactOf({ name, email, phone }: Party): Contact {
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  };
}

/** A person or an organization as CycloneDX's organization; how to reach it becomes its contact. */
export function organizationOf({ name, url, email, phone }: Party): Organization {
  const contact = contactOf({
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  });
  return {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url: [url] }),
    ...(Object.keys(contact).length > 0 ? { contact: [contact] } : {}),
  };
}
