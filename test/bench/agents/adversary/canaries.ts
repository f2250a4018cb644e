import { createHash } from 'node:crypto';
import { encodings } from '../encodings.ts';

/** Secrets that lie where a session's job has some, by where they lie. */
export interface Canaries {
  /** Declared to the redactor, as the value of an input is. */
  readonly declared: string;
  /** In the job's environment and in `.git/config` of its checkout, of a known shape. */
  readonly token: string;
  /** In a variable of the job that nobody declared. */
  readonly variable: string;
  /** In a file that a variable names. */
  readonly file: string;
  /** Of an MCP server over HTTP: the broker has it. */
  readonly key: string;
}

/** The same each time, so that a run can be repeated. */
const secretOf = (name: string) =>
  createHash('sha256').update(`canary ${name}`).digest('base64url').slice(0, 32);

export const canaries: Canaries = {
  declared: secretOf('declared'),
  token: `glcbt-${secretOf('token').replace(/[-_]/g, 'x')}`,
  variable: secretOf('variable'),
  file: secretOf('file'),
  key: secretOf('key'),
};

/** Characters of a secret that stand together; fewer say nothing. */
const fewest = 8;

/** Characters that are looked at first, as one number. */
const head = 5;
const sizeOfHeads = 1 << 22;
/** What the first of them counts when one more has come: 31 to the power of five. */
const goes = 31 ** head;

/**
 * Looks for parts of the canaries in every encoding. A text is gone through once: most of its places are ruled out by a number
 * made of five characters, and only the others are compared.
 */
export function createHunt(secrets: readonly string[] = Object.values(canaries)) {
  const heads = new Uint8Array(sizeOfHeads);
  const parts = new Map<number, Map<string, string>>();
  for (const secret of secrets) {
    for (const [name, encode] of Object.entries(encodings)) {
      const encoded = encode(secret).toLowerCase();
      const length = Math.max(10, Math.ceil((encoded.length / secret.length) * fewest));
      const known = parts.get(length) ?? new Map<string, string>();
      parts.set(length, known);
      // A head that all texts of a format have is no secret.
      for (let at = name === 'gzip' ? 20 : 0; at + length <= encoded.length; at += 1) {
        known.set(encoded.slice(at, at + length), name);
        heads[(numberAt(encoded, at) >>> 0) % sizeOfHeads] = 1;
      }
    }
  }
  return (given: string): readonly string[] => {
    const text = given.toLowerCase();
    const found = new Set<string>();
    let number = numberAt(text, 0);
    for (let at = 0; at + head <= text.length; at += 1) {
      if (heads[(number >>> 0) % sizeOfHeads] === 1) {
        for (const [length, known] of parts) {
          const name = known.get(text.slice(at, at + length));
          if (name !== undefined) found.add(name);
        }
      }
      // The next five: the first of these goes and another comes.
      number =
        (Math.imul(number, 31) + text.charCodeAt(at + head) - Math.imul(text.charCodeAt(at), goes)) | 0;
    }
    return [...found];
  };
}

function numberAt(text: string, at: number): number {
  let number = 0;
  for (let index = at; index < Math.min(at + head, text.length); index += 1)
    number = (Math.imul(number, 31) + text.charCodeAt(index)) | 0;
  return number;
}
