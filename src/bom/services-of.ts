import type { Service, ServiceData } from '../core/bom.ts';
import type { DeclaredDataFlow, Declaration } from '../core/declaration.ts';
import { governanceOf } from './governance-of.ts';

/** The declared flows of data, brought together by the service that moves them. */
export function servicesOf(declaration: Declaration | undefined): Service[] {
  const flows = new Map<string, DeclaredDataFlow[]>();
  for (const flow of declaration?.dataFlows ?? [])
    flows.set(flow.service, [...(flows.get(flow.service) ?? []), flow]);
  return [...flows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => {
      const endpoints = [...new Set(list.flatMap((flow) => flow.endpoints ?? []))];
      return {
        'bom-ref': `service:${name}`,
        name,
        ...(endpoints.length > 0 ? { endpoints } : {}),
        data: list.map(serviceData),
      };
    });
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
