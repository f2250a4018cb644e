import { type TokenForm, tokenForms } from './token-forms.ts';

/** How JWTs begin (`{"alg":`, `{"typ":`, `{"kid":` in base64), and private keys. */
const others: readonly TokenForm[] = [
  ...['eyJhbGciOi', 'eyJ0eXAiOi', 'eyJraWQiOi'].map((prefix) => ({ prefix, body: '[\\w.-]', least: 30 })),
  { prefix: '-----BEGIN ', body: '[^-]', least: 10 },
];

/**
 * Patterns of tokens in disguise, few and large: a short text costs a run of each. Hex and base64 at each of its
 * three alignments; URL encoding, which leaves the characters of tokens alone, but some write the dash as %2D; and
 * tokens broken over lines before they are long enough to be told.
 */
export function disguisedShapes(): readonly RegExp[] {
  const forms = [...tokenForms, ...others];
  const hex = forms.map(({ prefix, least }) => `${hexOf(prefix)}(?:[0-9a-f]{2}){${least},}`);
  const base64 = forms.flatMap(({ prefix, least }) => {
    const rest = `[\\w+/-]{${Math.ceil((least * 4) / 3)},}={0,2}`;
    return [0, 1, 2].map((shift) => base64Of(prefix, shift) + rest);
  });
  const url = tokenForms
    .filter(({ prefix }) => prefix.endsWith('-'))
    .map(({ prefix, body, least }) => `${prefix.slice(0, -1)}%2D(?:${body}|%2D){${least},}`);
  const broken = tokenForms.map(({ prefix, body, least, bounded }) => {
    const start = `${bounded ? '(?<![A-Za-z0-9])' : ''}${prefix}`;
    return `${start}${body}{0,${least - 1}}(?:${lineBreak}${body}{4,80}){1,4}`;
  });
  const jwt = `eyJ(?:hbGciOi|0eXAiOi|raWQiOi)[\\w.-]{0,4000}(?:${lineBreak}[\\w.-]{20,200}){1,40}`;
  return [
    new RegExp([...hex, ...url].join('|'), 'gi'),
    new RegExp(base64.join('|'), 'g'),
    new RegExp([...broken, jwt].join('|'), 'g'),
  ];
}

const lineBreak = '\\\\?\\r?\\n[ \\t]{0,40}';

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** The characters of base64 that stand for a text alone, where it begins `shift` bytes into a group of three. */
function base64Of(text: string, shift: number): string {
  const bits = text.length * 8;
  const encoded = Buffer.from('\0'.repeat(shift) + text).toString('base64');
  return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor((shift * 8 + bits) / 6));
}
