/** One way a secret can be written. */
export interface SecretForm {
  readonly text: string;
  /** Characters before and after it that carry bits of the secret too: base64 may begin or end inside a group. */
  readonly edges: readonly [number, number];
}

/** All forms a secret of at least 6 characters is looked for in. */
export function secretForms(secret: string): readonly SecretForm[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  const texts = [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    asciiOnly(json),
    ...urlForms(secret),
    hex,
    hex.toUpperCase(),
  ];
  const exact = [...new Set(texts)].map((text) => ({ text, edges: [0, 0] as const }));
  return [...exact, ...[0, 1, 2].flatMap((before) => base64Forms(bytes, before))];
}

function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

// Encoders differ in the marks they leave: encodeURI, encodeURIComponent, RFC 3986, HTML forms, Python, all bytes.
function urlForms(secret: string): readonly string[] {
  if (!secret.isWellFormed()) return [];
  const encoded = encodeURIComponent(secret);
  const strict = encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const all = Buffer.from(secret).toString('hex').toUpperCase().replace(/../g, '%$&');
  const forms = [encodeURI(secret), encoded, encoded.replaceAll('%20', '+'), strict, form, all];
  const withSlashes = strict.replaceAll('%2F', '/');
  return [...forms, withSlashes].flatMap((text) => [
    text,
    text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}

/**
 * The part of the base64 text that stays the same whatever stands around the secret, when `before` bytes of its
 * first group of three are something else's.
 */
function base64Forms(bytes: Buffer, before: number): readonly SecretForm[] {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const mixedStart = before === 0 ? 0 : before + 1;
  const mixedEnd = (before + bytes.length) % 3 === 0 ? 0 : 1;
  const core = text.slice(mixedStart, text.length - mixedEnd);
  const url = core.replaceAll('+', '-').replaceAll('/', '_');
  return [...new Set([core, url])].map((form) => ({
    text: form,
    edges: [before === 0 ? 0 : 1, mixedEnd] as const,
  }));
}
