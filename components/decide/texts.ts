import { createHash } from 'node:crypto';
import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template as draftTemplate } from '#texts/decide/draft';
import { template as issueTemplate } from '#texts/decide/issue';
import { template as noteTemplate } from '#texts/decide/note';
import { template as threadTemplate } from '#texts/decide/thread';
import type { ProposalBundle, ProposedFile } from '../proposals/bundle.gen.ts';
import type { TextEffect } from '../proposals/kind.ts';
import { findUnsafe } from '../proposals/text/find-unsafe.ts';
import { errors } from './errors.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

export interface Written {
  readonly agent: string;
  readonly path: string;
  readonly usage: ProposalBundle['usage'];
  /** Places that were made harmless. */
  readonly neutralised: number;
  readonly mergeRequest: number;
  readonly session: string;
}

/** The text of a note or an issue with the marker it is known by again. */
export interface Text {
  readonly marker: string;
  readonly text: string;
}

/**
 * Renders what is written to GitLab, and looks at the finished text once more: sanitising is only worth what is left after
 * the last change. @throws DECIDE_UNSAFE_TEXT
 */
export function renderText(effect: TextEffect, written: Written): Text {
  // A commit is the one of its agent on a merge request.
  const marker = markerOf(effect.kind === 'commit' ? { kind: effect.kind, key: '' } : effect, written);
  const template = handlebars.template(templates[effect.kind]);
  const heading = 'topic' in effect ? effect.topic : '';
  const facts = {
    ...{ topic: heading, body: effect.body, footer: footerOf(written), next: nextSteps[effect.kind] },
    ...{
      suggestion: '',
      marker: '',
      reference: '',
      files: effect.kind === 'commit' ? countFiles(effect.files) : '',
    },
  };
  const found = findUnsafe(template(facts).trimEnd());
  if (found.length > 0) throw errors.UNSAFE_TEXT({ kind: effect.kind, found: found.join(', ') });
  const ours = { suggestion: suggestionOf(effect), marker, reference: `!${written.mergeRequest}` };
  return { marker, text: template({ ...facts, ...ours }).trimEnd() };
}

const templates = {
  note: noteTemplate,
  issue: issueTemplate,
  commit: draftTemplate,
  thread: threadTemplate,
  suggestion: threadTemplate,
} as const;

/** What whoever reads it does next: always the last line that is seen. */
const nextSteps = {
  note: 'Next: take it as a first look. It blocks nothing, and the next push brings it up to date.',
  issue: 'Next: see whether it is right, then plan it or close it; once closed it stays closed.',
  commit:
    'Next: look at every file of it, then mark it as ready and merge it, or close it; once closed it stays closed.',
  thread: 'Next: change the line, or say here why it is right, and resolve the thread.',
  suggestion: 'Next: apply it if it is right; if not, say why and resolve the thread.',
} as const;

/** Code is no prose: it was looked at where it was made, and nothing in it ends the block. It replaces the line it stands on. */
function suggestionOf(effect: TextEffect): string {
  if (effect.kind !== 'suggestion' || effect.replacement === undefined) return '';
  return `\`\`\`suggestion:-0+0\n${effect.replacement === '' ? '' : `${effect.replacement}\n`}\`\`\``;
}

type Threads = 'thread' | 'suggestion';

/** An issue and a draft are of one merge request; the others stand on it. Those of one agent's threads begin alike. */
function markerOf(
  effect: { readonly kind: TextEffect['kind']; readonly key: string },
  { path, mergeRequest }: Pick<Written, 'path' | 'mergeRequest'>,
): string {
  const { kind, key } = effect;
  if (kind === 'thread' || kind === 'suggestion') return `${markerBegins(kind, path)}${hashOf([key])} -->`;
  const parts = [kind, path, key, ...(kind === 'issue' || kind === 'commit' ? [String(mergeRequest)] : [])];
  return `<!-- pipewright:${kind}:${hashOf(parts)} -->`;
}

/** How the markers of all threads of an agent begin. */
export function markerBegins(kind: Threads, path: string): string {
  return `<!-- pipewright:${kind}:${hashOf([kind, path])}:`;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function countFiles(files: readonly ProposedFile[]): string {
  const deleted = files.filter(({ content }) => content === null).length;
  const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
  return deleted === 0 ? count : `${count}, ${deleted} of them deleted`;
}

function footerOf({ agent, usage, neutralised }: Written): string {
  const { tokens, costUsd, iterations, seconds } = usage;
  const cost = costUsd === 0 ? '' : `, ${costOf(costUsd)} USD`;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const parts = [
    `Written by the agent ${agent}, which may be wrong`,
    `${count(iterations, 'iteration')}, ${count(tokens, 'token')}${cost}${seconds === undefined ? '' : `, ${seconds} s`}`,
    ...(neutralised === 0 ? [] : [`${count(neutralised, 'place')} of its text made harmless`]),
  ];
  return `_${parts.join(' · ')}._`;
}

function costOf(usd: number): string {
  if (usd < 0.0001) return 'under 0.0001';
  return usd.toFixed(usd < 0.01 ? 4 : 2);
}
