import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeForSigning, payloadType } from '../../components/attest/dsse.ts';
import { parsePublicKey, parseSeed } from '../../components/attest/keys.ts';
import { asStatement, makeStatement } from '../../components/attest/statement.ts';
import type { Envelope } from '../../components/attest/types.ts';
import { verifyEnvelope } from '../../components/attest/verify.ts';
import { digestBytes } from '../../components/kernel/canonical.ts';
import { Failure } from '../../components/kernel/failure.ts';

// RFC 8032 §7.1: secret keys, and the public keys that belong to them.
const vectors = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  ],
] as const;
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const signer = parseSeed('KEY', base64(vectors[0][0]));
const other = parseSeed('KEY', base64(vectors[1][0]));
const trusted = [parsePublicKey(signer.publicKey) ?? createPublicKey('')];
const subject = digestBytes('the bytes');
const predicateType = 'https://example.com/x/v1';
const statement = makeStatement({
  subjects: [{ name: 'a', digest: subject }],
  predicateType,
  predicate: { ok: true },
});
const envelope = signer.sign(statement);
const check = (given: Envelope) => verifyEnvelope(given, trusted, { predicateType, subjects: [subject] });

describe('keys', () => {
  test.each(vectors)('the key of the seed %s', (seed, key) => {
    const spki = Buffer.from(parseSeed('KEY', base64(seed)).publicKey, 'base64');
    expect(spki.subarray(-32).toString('hex')).toBe(key);
    expect(parseSeed('KEY', base64(seed)).keyId).toBe(digestBytes(spki));
  });

  test.each(['', 'short', 'c2VjcmV0', `${base64(vectors[0][0])}AAAA`, 'ä'.repeat(44), 'a b'])(
    'ATTEST_SEED for %j, and the value is not in it',
    (value) => {
      let failure: unknown;
      try {
        parseSeed('PIPEWRIGHT_SIGNING_KEY', value);
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Failure).code).toBe('ATTEST_SEED');
      if (value.length > 3)
        expect(JSON.stringify(failure) + (failure as Failure).message).not.toContain(value);
    },
  );

  test('another kind of key is none', () => {
    expect(parsePublicKey('')).toBeUndefined();
    expect(parsePublicKey('AAAA')).toBeUndefined();
  });
});

test('what is signed begins with the type and its length: the example of the specification', () => {
  const encoded = encodeForSigning('http://example.com/HelloWorld', Buffer.from('hello world'));
  expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

describe('an envelope', () => {
  test('holds for the key that signed it, whatever the key id says', () => {
    expect(check(envelope)).toEqual({ ok: true, statement });
    const signatures = envelope.signatures.map((one) => ({ ...one, keyid: 'none' }));
    expect(check({ ...envelope, signatures }).ok).toBe(true);
  });

  test('does not hold when a byte of payload or signature is another', () => {
    const flip = (text: string, at: number) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    const length = Buffer.from(envelope.payload, 'base64').length;
    for (let at = 0; at < length; at += 1)
      expect(check({ ...envelope, payload: flip(envelope.payload, at) }).ok).toBe(false);
    const { sig = '', keyid = '' } = envelope.signatures[0] ?? {};
    for (let at = 0; at < 64; at += 1)
      expect(check({ ...envelope, signatures: [{ keyid, sig: flip(sig, at) }] }).ok).toBe(false);
  });

  test.each<[string, Envelope, RegExp]>([
    ['no signature', { ...envelope, signatures: [] }, /no trusted key/],
    ['another key', other.sign(statement), /no trusted key/],
    ['a statement of another type', signer.sign({ ...statement, predicateType: 'x' }), /of another type/],
    ['other bytes', signer.sign({ ...statement, subject: [] }), /it is not about sha256:/],
    ['no statement', signer.sign({} as typeof statement), /no in-toto statement/],
  ])('is refused for %s', (_, given, reason) => {
    expect(check(given)).toEqual({ ok: false, reasons: [expect.stringMatching(reason)] });
  });

  test('is refused with every reason at once', () => {
    const reasonsOf = (given: Envelope, expected = { predicateType, subjects: [subject] }) => {
      const verified = verifyEnvelope(given, trusted, expected);
      return verified.ok ? [] : verified.reasons;
    };
    expect(reasonsOf({ ...envelope, payloadType: 'text/plain' })).toEqual(['its payload is of another type']);
    expect(reasonsOf({ payloadType: 'text/plain', payload: '%', signatures: [] })).toEqual([
      'its payload is of another type',
      'its payload is not base64',
      'no trusted key has signed it',
    ]);
    const [one, two] = [digestBytes('1'), digestBytes('2')];
    expect(reasonsOf(envelope, { predicateType: 'x', subjects: [one, subject, two] })).toEqual([
      'its statement is of another type',
      `it is not about ${one}`,
      `it is not about ${two}`,
    ]);
  });

  test('another spelling of the same bytes is refused', () => {
    expect(check({ ...envelope, payload: `${envelope.payload}\n` }).ok).toBe(false);
    expect(check({ ...envelope, payload: envelope.payload.replace(/.{4}/, '$& ') }).ok).toBe(false);
  });

  test('a trusted key of another kind has signed nothing', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const payload = Buffer.from(envelope.payload, 'base64');
    const sig = sign('sha256', encodeForSigning(payloadType, payload), privateKey).toString('base64');
    const given = { ...envelope, signatures: [{ keyid: 'x', sig }] };
    expect(verifyEnvelope(given, [publicKey], { predicateType }).ok).toBe(false);
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(parsePublicKey(spki)).toBeUndefined();
  });

  test('property: whatever is said, it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const predicate = JSON.parse(JSON.stringify({ value }));
        let signed: Envelope;
        try {
          signed = signer.sign({ ...statement, predicate });
        } catch (error) {
          // Half a surrogate pair has no canonical JSON.
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(signed.payloadType).toBe(payloadType);
        expect(check(signed).ok).toBe(true);
      }),
    );
  });

  test('a subject without a digest is our mistake', () => {
    expect(() =>
      makeStatement({ subjects: [{ name: 'a', digest: 'x' }], predicateType, predicate: 1 }),
    ).toThrow(TypeError);
    expect(asStatement({ ...statement, subject: [{ name: 'a', digest: { sha256: 'x' } }] })).toBeUndefined();
  });
});
