import { valueAt } from '../../../kernel/place.ts';
import { defineFixer } from '../fixer.ts';

export const fixer = defineFixer({
  id: 'quoted-value',
  about:
    'A number or a true in quotes becomes one where the field takes it, and a number or a true becomes text where the field ' +
    'takes text and its spelling stays the same.',
  plan: (issue, document) => {
    const types = issue.wants?.types ?? [];
    const given = valueAt(document, issue.path);
    const meant = typeof given === 'string' ? unquoted(given, types) : quoted(given, types);
    if (meant === undefined) return undefined;
    return {
      edits: [{ do: 'set', path: issue.path, value: meant }],
      says: `${JSON.stringify(given)} → ${JSON.stringify(meant)}`,
    };
  },
});

function unquoted(given: string, types: readonly string[]): boolean | number | undefined {
  const text = given.trim();
  if (types.includes('boolean')) {
    if (/^(true|yes|on)$/i.test(text)) return true;
    if (/^(false|no|off)$/i.test(text)) return false;
  }
  const isNumber = types.includes('number') || types.includes('integer');
  if (!isNumber || !/^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(text)) return undefined;
  const number = Number(text);
  return types.includes('number') || Number.isInteger(number) ? number : undefined;
}

function quoted(given: unknown, types: readonly string[]): string | undefined {
  if (!types.includes('string')) return undefined;
  return typeof given === 'boolean' || typeof given === 'number' ? String(given) : undefined;
}
