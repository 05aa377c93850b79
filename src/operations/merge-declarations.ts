import type { Declaration } from '../core/declaration.ts';

/**
 * Two declarations as one, by section and field; `first` goes before `second`. Lists are replaced, not joined: who
 * names datasets names all of them. Two training runs are never mixed.
 * Evidence names both sources, in the order in which to look there.
 */
export function mergeDeclarations(first: Declaration, second: Declaration): Declaration {
  const bom = merged(first.bom, second.bom);
  const component = merged(first.component, second.component);
  const security = merged(first.security, second.security);
  const training =
    first.training && second.training?.run === first.training.run
      ? merged(first.training, second.training)
      : (first.training ?? second.training);
  return {
    ...second,
    ...first,
    source: first.source === second.source ? first.source : `${first.source}, ${second.source}`,
    ...(bom ? { bom } : {}),
    ...(component ? { component } : {}),
    ...(training ? { training } : {}),
    ...(security ? { security } : {}),
  };
}

function merged<T extends object>(first: T | undefined, second: T | undefined): T | undefined {
  return first && second ? { ...second, ...first } : (first ?? second);
}
