import type { InputDeclaration, NumberInput } from './input-types.ts';

export type ParsedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly got: string };

/** Reads what was written for an input; of several texts for a single value the last. */
export function parseValue(declaration: InputDeclaration, texts: readonly string[]): ParsedValue {
  if (declaration.type === 'list') {
    return { ok: true, value: texts };
  }
  const got = texts.at(-1) ?? '';
  switch (declaration.type) {
    case 'string': {
      const inOptions = declaration.options?.includes(got) ?? true;
      const matches = declaration.pattern === undefined || matchesWhole(declaration.pattern, got);
      return inOptions && matches ? { ok: true, value: got } : { ok: false, got };
    }
    case 'boolean':
      return got === 'true' || got === 'false' ? { ok: true, value: got === 'true' } : { ok: false, got };
    default:
      return parseNumber(declaration, got);
  }
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  return pattern.exec(text)?.[0] === text;
}

function parseNumber(declaration: NumberInput, got: string): ParsedValue {
  const form = declaration.type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/;
  const value = form.test(got) ? Number(got) : Number.NaN;
  const inRange = value >= (declaration.min ?? -Infinity) && value <= (declaration.max ?? Infinity);
  return inRange ? { ok: true, value } : { ok: false, got };
}

/** What a value must be, in words, for help and messages. */
export function expectedOf(declaration: InputDeclaration): string {
  switch (declaration.type) {
    case 'string':
      if (declaration.options) return `one of: ${declaration.options.join(', ')}`;
      return declaration.pattern ? `text matching ${declaration.pattern.source}` : 'text';
    case 'boolean':
      return 'true or false';
    case 'list':
      return `${declaration.spaced ? 'words separated by spaces' : 'text'}; may be repeated`;
    default: {
      const { type, min, max } = declaration;
      const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` up to ${max}`];
      return `${type === 'integer' ? 'a whole number' : 'a number'}${range.join('')}`;
    }
  }
}
