import { findEntities } from './entities.ts';
import { withoutInvisible } from './invisible.ts';
import { scanHtml } from './scan-html.ts';
import { scanReferences } from './scan-references.ts';
import type { HiddenKind, HiddenPart, Part } from './types.ts';

export interface Revealed {
  readonly text: string;
  readonly invisibleCharacters: number;
  /** How many parts of each kind were taken out. */
  readonly hidden: Readonly<Partial<Record<HiddenKind, number>>>;
  /** Nothing is left, since what is hidden never came to an end. */
  readonly isWithheld: boolean;
}

/** Taking a part out may make another of what stood around it; honest texts need two rounds. */
const mostRounds = 8;

/**
 * A Markdown text as a reader of its page sees it: without invisible characters, comments, elements that are not shown, values of
 * attributes, titles, alternative texts, definitions that nothing refers to. Where it is not certain that something is shown, it
 * is taken out. What has nothing of these stays as it is, and doing it twice is doing it once. Time is linear in the text.
 */
export function withoutHidden(given: string): Revealed {
  const { text: visible, removed: invisibleCharacters } = withoutInvisible(given);
  const hidden: Partial<Record<HiddenKind, number>> = {};
  let text = visible;
  for (let round = 0; round < mostRounds; round += 1) {
    const parts = joined(findHidden(text));
    if (parts.length === 0) return { text, invisibleCharacters, hidden, isWithheld: false };
    for (const { kind } of parts) hidden[kind] = (hidden[kind] ?? 0) + 1;
    text = withoutParts(text, parts);
  }
  return { text: '', invisibleCharacters, hidden, isWithheld: true };
}

function findHidden(text: string): readonly HiddenPart[] {
  if (!/[<[&]|^(?:```|~~~)/m.test(text)) return [];
  const { hidden, code } = scanHtml(text);
  const rest = blanked(text, [...code, ...hidden]);
  return [...hidden, ...scanReferences(rest), ...findEntities(rest)];
}

/** In order, those that overlap as one. */
function joined(parts: readonly HiddenPart[]): readonly HiddenPart[] {
  const result: HiddenPart[] = [];
  for (const part of parts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || part.start >= last.end) result.push(part);
    else if (part.end > last.end) result[result.length - 1] = { ...last, end: part.end };
  }
  return result;
}

function withoutParts(text: string, parts: readonly Part[]): string {
  let [result, done] = ['', 0];
  for (const { start, end } of parts) {
    result += text.slice(done, start);
    done = end;
  }
  return result + text.slice(done);
}

/** With something else of the same length in the place of parts; lines stay lines. */
function blanked(text: string, parts: readonly Part[]): string {
  let [result, done] = ['', 0];
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    result += text.slice(done, from) + text.slice(from, end).replace(/[^\n]/g, '.');
    done = end;
  }
  return result + text.slice(done);
}
