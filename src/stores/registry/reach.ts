import { lookup } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * From where an address can be reached, in the order of how much a stranger gains by making us ask there:
 * anywhere, a private network, this machine, and addresses that no registry has (metadata services of clouds,
 * multicast, reserved).
 */
export type Reach = 'public' | 'private' | 'loopback' | 'forbidden';

const order: readonly Reach[] = ['public', 'private', 'loopback', 'forbidden'];

/**
 * True when a registry with this reach may send us there. What a registry names (redirects, token services, upload
 * locations) may be as near as the registry itself and no nearer: the public one that names a private address would
 * make us its scout in a network that it cannot see (SSRF, CWE-918).
 */
export function mayLeadTo(from: Reach, to: Reach): boolean {
  return to !== 'forbidden' && order.indexOf(to) <= order.indexOf(from);
}

/** The reach of a host that is an address or has a reserved name; undefined for names that DNS has to answer. */
export function reachOfLiteral(hostname: string): Reach | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) !== 0) return reachOfAddress(host);
  const name = host.replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') ? 'loopback' : undefined;
}

/** The reach of an IPv4 or IPv6 address (IANA's special-purpose registries). */
export function reachOfAddress(address: string): Reach {
  const plain = address.replace(/%.*$/, '');
  const inner = isIPv4(plain) ? plain : embeddedIPv4(plain);
  const [ip, family] = inner === undefined ? ([plain, 'ipv6'] as const) : ([inner, 'ipv4'] as const);
  return (
    (['forbidden', 'loopback', 'private'] as const).find((reach) => blocks[reach].check(ip, family)) ??
    'public'
  );
}

/**
 * The reach of a registry: that of its furthest address, so that a stranger's name gains nothing by an extra private
 * one. A name that this machine cannot resolve (a proxy will) counts as public.
 */
export async function reachOfHost(hostname: string): Promise<Reach> {
  const literal = reachOfLiteral(hostname);
  if (literal) return literal;
  const addresses = await new Promise<readonly string[]>((resolve) => {
    lookup(hostname, { all: true }, (error, found) => {
      resolve(error ? [] : found.map(({ address }) => address));
    });
  });
  const found = addresses.map(reachOfAddress);
  return order.find((reach) => found.includes(reach)) ?? 'public';
}

const blocks = {
  forbidden: listOf(
    ['169.254.0.0', 16],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ['192.0.0.0', 24],
    ['fe80::', 10],
    ['ff00::', 8],
    ['fd00:ec2::', 32],
  ),
  loopback: listOf(['127.0.0.0', 8], ['0.0.0.0', 8], ['::', 127]),
  private: listOf(
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['198.18.0.0', 15],
    ['fc00::', 7],
    ['fec0::', 10],
  ),
};

function listOf(...subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6');
  return list;
}

/** The IPv4 address within an IPv6 one: mapped and compatible (RFC 4291 §2.5.5), NAT64 (RFC 6052), 6to4 (RFC 3056). */
function embeddedIPv4(address: string): string | undefined {
  const groups = groupsOf(address);
  if (!groups) return undefined;
  const [first, second, , , , sixth] = groups;
  const leading = groups.slice(0, 5).every((group) => group === 0);
  const inTail =
    (leading && (sixth === 0xffff || sixth === 0) && !isLoopback(groups)) ||
    (first === 0x64 && second === 0xff9b);
  if (inTail) return dotted(groups[6], groups[7]);
  return first === 0x2002 ? dotted(second, groups[2]) : undefined;
}

/** `::` and `::1` are IPv6's own. */
function isLoopback(groups: readonly number[]): boolean {
  return groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1;
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups. WHATWG's URL writes every IPv6 address in one form, without dots. */
function groupsOf(address: string): number[] | undefined {
  const url = `http://[${address}]/`;
  if (!URL.canParse(url)) return undefined;
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail ?? ''].map((part) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)),
  );
  if (!left || !right) return undefined;
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}
