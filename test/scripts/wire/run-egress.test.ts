import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRule, parseAllowList } from '../../../components/sandbox/broker/allow-list.ts';
import { allowedAddress } from '../../../components/tools/web/allowed-address.ts';
import { planEgress, useOfEgress, whyNoEgress } from '../../../scripts/wire/run-egress.ts';

const named = (...allow: string[]) => ({ http: { allow } });

describe('where an agent may read', () => {
  test.each<[string[], string[], string[], string[]]>([
    // The operator's list, the manifest's, and what comes of them: for the tool, and for the broker.
    [['a.example'], ['https://a.example/x'], ['https://a.example/x/'], ['https://a.example:443/x/']],
    [['a.example/x/'], ['https://a.example'], ['https://a.example/x/'], ['https://a.example:443/x/']],
    [['*.a.example'], ['https://b.a.example'], ['https://b.a.example/'], ['https://b.a.example:443/']],
    [['*.a.example'], ['https://a.example'], [], []],
    [['a.example/x/'], ['https://a.example/xy'], [], []],
    [['a.example'], ['http://a.example', 'https://a.example:8443', 'https://b.example'], [], []],
    [
      ['private:http://10.0.0.5:8080'],
      ['http://10.0.0.5:8080/docs'],
      ['http://10.0.0.5:8080/docs/'],
      ['private:http://10.0.0.5:8080/docs/'],
    ],
    [[], ['https://a.example'], [], []],
    [['a.example'], [], [], []],
  ])('%j and %j', (hosts, addresses, allow, entries) => {
    expect(planEgress(hosts, named(...addresses))).toMatchObject({ allow, entries });
  });

  test('is what both lists name, to the tool and to the broker', () => {
    const hosts = [
      'a.example',
      'a.example/x/',
      '*.a.example',
      '*.a.example/y/',
      'http://a.example',
      'b.example:8443',
    ];
    const addresses = [
      'https://a.example',
      'https://a.example/x/y',
      'https://b.a.example/y',
      'http://a.example/x',
    ];
    const urls = [...addresses, 'https://a.example/x', 'https://b.example:8443/', 'https://b.a.example/y/z'];
    const listOf = (from: readonly string[]) => fc.array(fc.constantFrom(...from), { maxLength: 4 });
    fc.assert(
      fc.property(listOf(hosts), listOf(addresses), fc.constantFrom(...urls), (operator, manifest, url) => {
        const { allow, entries } = planEgress(operator, named(...manifest));
        const byOperator = findRule(parseAllowList(operator), new URL(url)) !== undefined;
        const both = byOperator && allowedAddress(url, manifest).ok;
        expect(allowedAddress(url, allow).ok).toBe(both);
        expect(findRule(parseAllowList(entries), new URL(url)) !== undefined).toBe(both);
      }),
    );
  });

  test('a list that is none is a mistake of the operator', () => {
    expect(() => planEgress(['10.0.0.5'], named())).toThrowError(
      expect.objectContaining({ code: 'BROKER_SETTINGS' }),
    );
  });

  test('nowhere is told with the input that would change it', () => {
    expect(whyNoEgress([], named('https://a.example'))).toContain('the input allow-hosts');
    expect(whyNoEgress(['b.example'], named('https://a.example'))).toContain('none of the addresses');
    expect(whyNoEgress(['a.example'], named('https://a.example'))).toBeUndefined();
  });
});

test('a program has a way out where both say so, and it is told where not', () => {
  const declared = {
    ...named('https://a.example', 'https://b.example'),
    functions: { get: { entrypoint: 'a.sh', description: 'x', egress: true } },
  };
  const use = (hosts: string[], tools: string[]) =>
    useOfEgress(planEgress(hosts, declared), { tools }, declared);
  expect(use(['a.example'], ['get'])).toEqual({
    needsSocket: true,
    told: ['not read from: https://b.example, which the input allow-hosts does not hold'],
  });
  expect(use(['a.example'], ['http-get']).needsSocket).toBe(false);
  expect(use(['a.example'], ['read-file'])).toEqual({ needsSocket: false, told: [] });
  expect(use([], ['get'])).toEqual({
    needsSocket: false,
    told: [
      'no way out: get has none, since the input allow-hosts and the manifest have no address in common',
    ],
  });
});
