import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { mayLeadTo, reachOfAddress, type Reach } from './reach.ts';

/**
 * A resolver for hosts that a registry named. It answers with the addresses that the connection then uses, so a name
 * that changes its address between check and use gains nothing. Behind a proxy the proxy resolves, and this is not asked.
 */
export function guardedLookup(from: () => Promise<Reach>): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    lookup(hostname, all, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      void from().then((reach) => {
        const refused = addresses.find(({ address }) => !mayLeadTo(reach, reachOfAddress(address)));
        if (refused || addresses.length === 0) callback(new ForbiddenAddress(hostname), '', 0);
        else answer(addresses, options.all === true, callback);
      });
    });
  };
}

/** A host that a registry named and that lies nearer than the registry itself. */
export class ForbiddenAddress extends Error {
  readonly code = 'MLBOM_FORBIDDEN_ADDRESS';

  constructor(hostname: string) {
    super(`${hostname} lies in a private network`);
  }
}

function answer(
  addresses: LookupAddress[],
  all: boolean,
  callback: (error: null, address: string | LookupAddress[], family?: number) => void,
): void {
  const [first] = addresses;
  if (all || !first) callback(null, addresses);
  else callback(null, first.address, first.family);
}
