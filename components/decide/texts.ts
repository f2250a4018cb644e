import { createHash } from 'node:crypto';
import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template as issueTemplate } from '#texts/decide/issue';
import { template as noteTemplate } from '#texts/decide/note';
import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { Effect } from '../proposals/kind.ts';
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
export function renderText(effect: Exclude<Effect, { readonly kind: 'label' }>, written: Written): Text {
  const marker = markerOf(effect, written);
  const template = handlebars.template(effect.kind === 'note' ? noteTemplate : issueTemplate);
  const heading = effect.kind === 'note' ? effect.topic : '';
  const facts = { topic: heading, body: effect.body, footer: footerOf(written), marker: '' };
  const found = findUnsafe(template(facts).trimEnd());
  if (found.length > 0) throw errors.UNSAFE_TEXT({ kind: effect.kind, found: found.join(', ') });
  return { marker, text: template({ ...facts, marker }).trimEnd() };
}

/** An issue is one of a merge request; a note stands on it. */
function markerOf(
  effect: { readonly kind: string; readonly key: string },
  { path, mergeRequest }: Written,
): string {
  const parts = [effect.kind, path, effect.key, ...(effect.kind === 'issue' ? [String(mergeRequest)] : [])];
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  return `<!-- pipewright:${effect.kind}:${key} -->`;
}

function footerOf({ agent, usage, neutralised }: Written): string {
  const { tokens, costUsd, iterations } = usage;
  const cost = costUsd === 0 ? '' : `, ${costOf(costUsd)} USD`;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const parts = [
    `Written by the agent ${agent}, which may be wrong`,
    `${count(iterations, 'iteration')}, ${count(tokens, 'token')}${cost}`,
    ...(neutralised === 0 ? [] : [`${count(neutralised, 'place')} of its text made harmless`]),
  ];
  return `_${parts.join(' · ')}._`;
}

function costOf(usd: number): string {
  if (usd < 0.0001) return 'under 0.0001';
  return usd.toFixed(usd < 0.01 ? 4 : 2);
}
