import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that say whose it is: a home or a phone has a /64 to choose addresses from. */
const NETWORK_GROUPS = 4;

/**
 * What the attempts from an address are counted under: an IPv4 address as it is, also one in IPv6 clothes, and the /64 of
 * an IPv6 address.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare;
  // As a URL has it: groups without leading zeros, and no dotted end.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = [head, tail].map((part) => (part ? part.split(':') : []));
  const [before = [], after = []] = groups;
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
