import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from './client-network.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('%s counts for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('all addresses of one /64 are one client, those of another one are another', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const groups = fc.array(group, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(groups, groups, groups, (network, host, other) => {
      fc.pre(network.some((part) => part !== '0'));
      const of = (head: string[], tail: string[]) => networkOf([...head, ...tail].join(':'));
      expect(of(network, host)).toBe(of(network, other));
      if (other.join() !== network.join()) expect(of(network, host)).not.toBe(of(other, host));
    }),
  );
});

test('whatever an application takes for an address, it stands for something', () => {
  fc.assert(fc.property(fc.string(), (address) => typeof networkOf(address) === 'string'));
});
