import type { Property, Service, ServiceData } from '../core/bom.ts';
import type { DeclaredDataFlow, Declaration } from '../core/declaration.ts';
import { groupBy } from '../core/group-by.ts';
import type { PropertyName } from '../core/vocabulary.ts';
import { governanceOf } from './governance-of.ts';

/** The declared flows of data, brought together by the service that moves them. */
export function servicesOf(declaration: Declaration | undefined): Service[] {
  return [...groupBy(declaration?.dataFlows ?? [], (flow) => flow.service)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => {
      const endpoints = [...new Set(list.flatMap((flow) => flow.endpoints ?? []))];
      return {
        'bom-ref': `service:${name}`,
        name,
        ...(endpoints.length > 0 ? { endpoints } : {}),
        data: list.map(serviceData),
        ...sensitiveData(list),
      };
    });
}

/** CycloneDX has `sensitiveData` for datasets alone. */
function sensitiveData(flows: readonly DeclaredDataFlow[]): { properties?: Property[] } {
  const name: PropertyName = 'mlbom:service:sensitive-data';
  const kinds = [...new Set(flows.flatMap((flow) => flow.sensitiveData ?? []))].sort();
  return kinds.length > 0 ? { properties: kinds.map((value) => ({ name, value })) } : {};
}

function serviceData(flow: DeclaredDataFlow): ServiceData {
  const { name, description, source, destination } = flow;
  return {
    flow: flow.flow,
    // The schema demands one; silence is said as such.
    classification: flow.classification ?? 'unclassified',
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(source === undefined ? {} : { source: [...source] }),
    ...(destination === undefined ? {} : { destination: [...destination] }),
    ...governanceOf(flow),
  };
}
