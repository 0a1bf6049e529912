import { isIPv4, isIPv6 } from 'node:net';

/** How many of the eight groups of an IPv6 address name the network: a household or a company has all addresses of one /64. */
const NETWORK_GROUPS = 4;

/**
 * The network that stands for one client in limits: an IPv4 address itself, also where it is written as an IPv6 one, and the
 * /64 of an IPv6 address. Whatever is neither stands for itself.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  // One address has many spellings; that of a URL is the canonical one (RFC 5952), with the IPv4 part in hexadecimal.
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical);
  if (mapped) {
    const bytes = mapped
      .slice(1)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
    const dotted = bytes.join('.');
    if (isIPv4(dotted)) return dotted;
  }
  const [head = '', tail] = canonical.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : [...head];
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
