import { findCharacters } from './characters.ts';
import type { SafeCode } from './types.ts';

export type CheckedCode =
  | { readonly ok: true; readonly code: SafeCode }
  | { readonly ok: false; readonly why: string };

/**
 * Code that a person may take over by a click is shown as it is or not at all: whatever was changed about it would be
 * another program. What nobody sees, and what could end the block it stands in, is refused.
 */
export function checkCode(text: string, mostLines: number): CheckedCode {
  const refuse = (why: string): CheckedCode => ({ ok: false, why });
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length > mostLines)
    return refuse(`it has ${lines.length} lines, at most ${mostLines} are a suggestion`);
  const unseen = findCharacters(lines.join('').replaceAll('\t', ''));
  if (unseen.length > 0) return refuse(`it holds characters that are not seen: ${unseen.join(', ')}`);
  if (lines.some((line) => /`{3}|~{3}/.test(line))) return refuse('it holds marks that end a block of code');
  return { ok: true, code: lines.join('\n') as SafeCode };
}
