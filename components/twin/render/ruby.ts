import { isMapping } from './merge.ts';

/**
 * Ruby's `to_s`, which GitLab applies to a value that stands inside a text and to whatever a string input gets. A
 * float without fraction (`1.0`) is `1` here, since the parser keeps no difference.
 */
export function rubyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return inspect(value);
}

function inspect(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
  if (!isMapping(value)) return String(value);
  const pairs = Object.entries(value).map(([key, item]) => `${symbol(key)}=>${inspect(item)}`);
  return `{${pairs.join(', ')}}`;
}

function symbol(key: string): string {
  return /^[A-Za-z_]\w*[?!]?$/.test(key) ? `:${key}` : `:${quoted(key)}`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\v': '\\v',
  '\b': '\\b',
  '\u0007': '\\a',
  '\u001b': '\\e',
};

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being escaped.
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]|#(?=[{$@])/g, (character) => {
    if (character === '#') return '\\#';
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    return escapes[character] ?? `\\x${code}`;
  });
  return `"${escaped}"`;
}

/**
 * Ruby's `text.gsub(search, replacement)` with two strings: `\\`, `\0`, `\&`, `` \` `` and `\'` in the replacement have
 * a meaning, so that a value loses half of its doubled backslashes.
 */
export function rubyReplaceAll(text: string, search: string, replacement: string): string {
  return text.replaceAll(search, (match, offset: number) =>
    replacement.replace(/\\([\\0-9&`'])/g, (_, sign: string) => {
      if (sign === '\\') return '\\';
      if (sign === '0' || sign === '&') return match;
      if (sign === '`') return text.slice(0, offset);
      return sign === "'" ? text.slice(offset + search.length) : '';
    }),
  );
}
