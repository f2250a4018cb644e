import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublicAddress, parseV4, parseV6 } from '../../../components/sandbox/broker/addresses.ts';

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.9', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1'],
  ...['198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  '168.63.129.16',
  ...['::', '::1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1'],
  ...['100::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '2001::1', '2001:20::1'],
  ...['2001:db8::1', '2002:7f00:1::', '2002:808:808::1', '3fff::1', '5f00::1', '4000::1'],
  // What C libraries take for addresses, and what is none.
  ...[
    '127.1',
    '0x7f000001',
    '2130706433',
    '010.0.0.1',
    '8.8.8.8.',
    '8.8.8',
    'fe80::1%eth0',
    '1::2::3',
    '',
    'name',
  ],
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

test.each([
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
  ...['172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.0.1', '223.255.255.255'],
  ...['2606:4700::1111', '2a00:1450:4001:81b::200e', '2001:200::1', '2003::1', '2400::'],
])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

test('numbers are those that Node reads', () => {
  const block = (address: string, family: 'ipv4' | 'ipv6') => {
    const list = new BlockList();
    list.addAddress(address, family);
    return list;
  };
  const text = (value: bigint) => {
    const hex = value.toString(16).padStart(32, '0');
    return hex.match(/..../g)?.join(':') ?? '';
  };
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const value = parseV6(address);
      expect(value === undefined).toBe(isIP(address) !== 6);
      if (value !== undefined) expect(block(address, 'ipv6').check(text(value), 'ipv6')).toBe(true);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'0123456789abf:.'.split('')), maxLength: 24 }),
      (any) => {
        if (parseV6(any) !== undefined) expect(isIP(any)).toBe(6);
        if (parseV4(any) !== undefined) expect(isIP(any)).toBe(4);
      },
    ),
  );
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(parseV4(address)).toBeDefined();
    }),
  );
});
