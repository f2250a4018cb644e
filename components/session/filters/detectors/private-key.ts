import type { Detector, Span } from '../types.ts';

const key =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?:[^-]|-(?!----)){0,20000}(?:-----END [^-]{0,60}-----)?/g;

export const detector: Detector = {
  id: 'private-key',
  dataClass: 'secret',
  names: ['private_key', 'private_keys', 'credentials', 'secrets', 'keys'],
  decides: 'the mark that private keys begin with in PEM and OpenPGP, to its end or as far as it can reach',
  misses: 'keys in other encodings (JWK, DER, PuTTY)',
  find: ({ text }) => {
    if (!text.includes('-----BEGIN ')) return [];
    return Array.from(text.matchAll(key), ({ index, 0: found }): Span => [index, index + found.length]);
  },
};
