import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, digest, digestBytes, type JsonValue } from '../../components/kernel/canonical.ts';

describe('RFC 8785', () => {
  /** IEEE 754 bits, as appendix B lists them. */
  function fromBits(hex: string): number {
    return Buffer.from(hex, 'hex').readDoubleBE();
  }

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('§3.2.2.3: %s is %s', (bits, text) => {
    expect(canonicalJson(fromBits(bits))).toBe(text);
  });

  test('§3.2.2.2: strings', () => {
    const text = '\u20ac$\u000f\nA\'B"\\\\"/\b\t\f\r\u0000\u007f';
    expect(canonicalJson(text)).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\\u0000\u007f"');
  });

  test('§3.2.3: keys in the order of UTF-16 units, at each depth', () => {
    const value = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': { b: [], a: {} },
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":{"a":{},"b":[]},"€":1,"😀":5,"\ufb33":3}',
    );
  });

  test('§3.2.4: no white space, literals, UTF-8', () => {
    const value = {
      literals: [null, true, false],
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      string: 'ü',
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"ü"}',
    );
  });
});

describe('what JSON cannot say', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = { again: [cycle] };
  const list: unknown[] = [];
  list.push(list);

  test.each<[unknown, string]>([
    [Number.NaN, 'the value is NaN'],
    [{ a: [1, Infinity] }, 'a[1] is Infinity'],
    [{ a: 1n }, 'a is a bigint'],
    [undefined, 'the value is undefined'],
    [[1, undefined], '[1] is undefined'],
    [{ a: () => 1 }, 'a is a function'],
    [{ a: Symbol('s') }, 'a is a symbol'],
    [{ a: new Date(0) }, 'a is an object of a class'],
    [new Map(), 'the value is an object of a class'],
    [{ a: new Uint8Array(2) }, 'a is an object of a class'],
    ['\ud800', 'the value is text with half of a surrogate pair'],
    [{ '\udc00': 1 }, 'the value is a key with half of a surrogate pair'],
    [cycle, 'self.again[0] is a value that contains itself'],
    [list, '[0] is a value that contains itself'],
    [{ toJSON: () => 1 }, 'toJSON is a function'],
  ])('%#', (value, message) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(
      new TypeError(`${message}, which JSON cannot say`),
    );
  });

  test('undefined members are left out; one value may stand twice', () => {
    const twice = { x: 1 };
    expect(canonicalJson({ b: undefined, a: twice, c: twice })).toBe('{"a":{"x":1},"c":{"x":1}}');
  });

  test('__proto__ is a member like others', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1},"a":2}') as JsonValue)).toBe(
      '{"__proto__":{"b":1},"a":2}',
    );
  });
});

const json = fc
  .jsonValue()
  .filter((value) => JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)));

describe('properties', () => {
  test('reading it back gives the value (-0 becomes 0)', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value as JsonValue))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('the order of insertion does not matter', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(digest(reversed)).toBe(digest(value));
      }),
    );
  });
});

test('digests', () => {
  const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(digestBytes('')).toBe(empty);
  expect(digestBytes(new Uint8Array())).toBe(empty);
  expect(digestBytes('ü')).toBe(digestBytes(Buffer.from('ü', 'utf8')));
  expect(digest({ b: 1, a: 'ü' })).toBe(digestBytes('{"a":"ü","b":1}'));
});
