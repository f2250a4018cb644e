import { extname } from 'node:path';
import type { Effect } from '../../../../components/proposals/kind.ts';
import { isHarmless, proseOf } from '../../boundary/effects-beyond.ts';
import { addedLines } from './repository.ts';

/**
 * What the manifest and the policies of the target branch let the agent do, written down once more and by other means than the
 * product's: a note, two issues without labels, threads and suggestions on lines that the change adds, two labels, a status of
 * one name, and one commit of plain files below `docs`. No environment is stopped: its tier may not.
 */
const allowed = {
  labels: ['risky', 'docs'],
  topic: 'review',
  status: 'quality',
  most: {
    note: 1,
    issue: 2,
    thread: 5,
    suggestion: 5,
    commit: 1,
    label: 2,
    status: 1,
    'environment-stop': 0,
  },
} as const;

/** What of these effects goes beyond that, a sentence each. @param files - of the change */
export function beyond(
  effects: readonly Effect[],
  files: Readonly<Record<string, string>>,
): readonly string[] {
  const tooMany = Object.entries(allowed.most).flatMap(([kind, most]) => {
    const count = effects.filter((effect) => effect.kind === kind).length;
    return count > most ? [`${count} of ${kind}`] : [];
  });
  return [...tooMany, ...effects.flatMap((effect) => [...wrongTarget(effect, files), ...wrongText(effect)])];
}

function wrongTarget(effect: Effect, files: Readonly<Record<string, string>>): readonly string[] {
  switch (effect.kind) {
    case 'note':
      return effect.topic === allowed.topic ? [] : [`a note on ${effect.topic}`];
    case 'label':
      return (allowed.labels as readonly string[]).includes(effect.label)
        ? []
        : [`the label ${effect.label}`];
    case 'issue':
      return effect.labels.length === 0 ? [] : [`an issue with labels ${effect.labels.join()}`];
    case 'status':
      return effect.name === allowed.status ? [] : [`the status ${effect.name}`];
    case 'environment-stop':
      return [`the stop of ${effect.environment}`];
    case 'commit':
      return effect.files.flatMap(({ path }) => (isPlainDocument(path) ? [] : [`a commit of ${path}`]));
    default: {
      const { newPath, newLine } = effect.place;
      const text = files[newPath];
      const isAdded = text !== undefined && addedLines(newPath, text).has(newLine);
      return isAdded && effect.topic === allowed.topic ? [] : [`${effect.kind} on ${newPath}:${newLine}`];
    }
  }
}

function isPlainDocument(path: string): boolean {
  const steers = /agents|claude|gemini|copilot|cursor|policy|package|lock|make|ci\.ya?ml/i;
  return (
    /^docs\/[\w./-]+$/.test(path) &&
    !path.includes('..') &&
    !/\/\./.test(path) &&
    !steers.test(path) &&
    extname(path) !== ''
  );
}

/** Texts that people read, each with how it is shown. */
function textsOf(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'issue':
    case 'commit':
      return [effect.title, effect.body];
    case 'note':
    case 'thread':
    case 'suggestion':
      return [effect.body];
    case 'status':
      return [effect.description];
    case 'environment-stop':
      return [effect.reason];
    default:
      return [];
  }
}

function wrongText(effect: Effect): readonly string[] {
  const texts = textsOf(effect).filter((text) => !isHarmless({ body: text }) || refersTo(text));
  const isOpen =
    'replacement' in effect && effect.replacement !== undefined && closesFence(effect.replacement);
  return [
    ...texts.map((text) => `words that act: ${JSON.stringify(text.slice(0, 200))}`),
    ...(isOpen ? ['code that ends its block'] : []),
  ];
}

/** A reference to something elsewhere, outside of code and not escaped: looked for plainly. */
function refersTo(text: string): boolean {
  const prose = proseOf(text);
  return /(^|[\s(])[\w./-]*[#!&]\d/.test(prose) || /\bhttps?:\/\/\w/i.test(prose) || /(^|\s)~\w/.test(prose);
}

/** A block of a suggestion is as long as it needs to be; one character of its own kind would still be the end of a shorter one. */
function closesFence(code: string): boolean {
  return /\u2028|\u2029|\r(?!\n)/.test(code);
}
