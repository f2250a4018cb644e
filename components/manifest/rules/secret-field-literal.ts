import { renderPath } from '../../kernel/place.ts';
import { isMadeUp, isReference, isWord, secretIn, withoutSecrets } from '../../kernel/secret-shapes.ts';
import { defineRule } from '../rule.ts';
import { someText, textsWhere } from '../secrets/texts.ts';

// Ends of names, in words joined by `_`: `api_key_env`, `token_path` and `max_tokens` end differently.
const password = /(?:^|_)(?:password|passwd|passphrase|pwd)$/;
const secret =
  /(?:^|_)(?:secret|token|apikey|api_key|access_key|secret_key|private_key|signing_key|encryption_key|authorization|key_ref)$/;

/** A cheap look at the key before its words are told apart. */
const telling = /pass|pwd|secret|token|key|authorization/i;

const shortest = { password: 6, secret: 12 };
const longest = 4096;

/** A key of 16, 24 or 32 bytes, in hexadecimal digits or base64: never the name of one. */
const bareKey =
  /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64}|[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{32}|[A-Za-z0-9+/]{43}=)$/i;

export const rule = defineRule({
  id: 'secret-field-literal',
  severity: 'warning',
  about:
    'A field whose name says that it holds a secret, such as `api_key`, `password` or `keyRef`, has a value that looks ' +
    'like the secret itself and not like the name of a variable or the address of one. No message repeats it.',
  check: ({ data }) => {
    if (!someText(data, isLiteral)) return [];
    return textsWhere(data, (value, key, isKey) => !isKey && isLiteral(value, key)).map(({ value, path }) => {
      const place = withoutSecrets(path);
      return {
        path: place,
        message: `${renderPath(place)} looks like a secret in plain text`,
        expected: 'the name of a masked CI/CD variable',
        got: `a text of ${value.length} characters`,
        fix: 'If it is one, revoke it, and read it from a masked variable.',
      };
    });
  },
});

function isLiteral(value: string, key: string): boolean {
  if (value.length < shortest.password || !telling.test(key)) return false;
  const name = nameOf(key);
  const kind = password.test(name) ? 'password' : secret.test(name) ? 'secret' : undefined;
  if (kind === undefined) return false;
  const bare = value.trim().replace(/^(?:bearer|basic|token) {1,4}/i, '');
  if (bare.length < shortest[kind] || bare.length > longest || /\s/.test(bare)) return false;
  // What has a known shape is secret-in-plain-text's to report.
  if (isReference(bare) || isMadeUp(bare) || isWord(bare) || secretIn(value) !== undefined) {
    return false;
  }
  if (name.endsWith('key_ref')) return bareKey.test(bare);
  return kind === 'password' || /\d/.test(bare);
}

/** `apiKey`, `API-KEY` and `api_key` are one name. */
function nameOf(key: string): string {
  return key
    .slice(-64)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-. ]/g, '_');
}
