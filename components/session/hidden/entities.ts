import { withoutInvisible } from './invisible.ts';
import type { HiddenPart } from './types.ts';

/** HTML's names of characters that are drawn as nothing. */
const names: ReadonlySet<string> = new Set(
  (
    'shy zwj zwnj lrm rlm ZeroWidthSpace NegativeVeryThinSpace NegativeThinSpace NegativeMediumSpace ' +
    'NegativeThickSpace NoBreak ApplyFunction af InvisibleTimes it InvisibleComma ic'
  ).split(' '),
);

const reference = /&(?:#x([0-9a-f]{1,8})|#([0-9]{1,8})|([a-z]{2,24}));/gi;

/** Character references of what nobody sees: a renderer draws nothing, and a model can read them. */
export function findEntities(text: string): readonly HiddenPart[] {
  const parts: HiddenPart[] = [];
  for (const match of text.matchAll(reference)) {
    const [whole, hex, decimal, name = ''] = match;
    const digits = hex ?? decimal;
    const hidden = digits === undefined ? names.has(name) : isInvisible(digits, hex === undefined ? 10 : 16);
    if (hidden) parts.push({ start: match.index, end: match.index + whole.length, kind: 'character' });
  }
  return parts;
}

function isInvisible(digits: string, radix: number): boolean {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff && withoutInvisible(String.fromCodePoint(code)).removed > 0;
}
