import type { JsonValue } from '../kernel/canonical.ts';
import type { Proposal, ProposedFile } from './bundle.gen.ts';
import type { ChangedLines, LinePlace } from './changed-lines.ts';
import type { Choices } from './choices.ts';
import type { SafeBody, SafeCode, SafeLine } from './text/types.ts';
import type { ProposalDesk, ProposalKind } from './types.ts';

/** What is done where a proposal is allowed: every word in it that is not text of a `Safe…` type is one of our lists. */
export type Effect =
  | { readonly kind: 'note'; readonly key: string; readonly topic: string; readonly body: SafeBody }
  | { readonly kind: 'label'; readonly label: string }
  | {
      readonly kind: 'issue';
      readonly key: string;
      readonly title: SafeLine;
      readonly body: SafeBody;
      readonly labels: readonly string[];
    }
  | {
      readonly kind: 'thread' | 'suggestion';
      readonly key: string;
      readonly topic: string;
      /** Of the diff that the applying side has read. */
      readonly place: LinePlace;
      readonly body: SafeBody;
      /** Lines of a suggestion. */
      readonly replacement: SafeCode | undefined;
    }
  | {
      readonly kind: 'commit';
      readonly title: SafeLine;
      readonly body: SafeBody;
      /** Each looked at: path, size, characters. What the commit has that they are put onto is asked where it is made. */
      readonly files: readonly ProposedFile[];
      readonly into: 'source' | 'target';
    }
  | {
      readonly kind: 'status';
      readonly name: string;
      readonly state: 'success' | 'failed';
      readonly description: SafeLine;
    }
  | { readonly kind: 'environment-stop'; readonly environment: string; readonly reason: SafeLine };

/** Those that are texts people read on GitLab. */
export type TextEffect = Extract<Effect, { readonly body: SafeBody }>;

/** A proposal made ready, or why it cannot be. */
export type Planned =
  | { readonly ok: true; readonly effect: Effect; readonly neutralised: number }
  | { readonly ok: false; readonly reason: string };

type Of<Id extends ProposalKind> = Extract<Proposal, { readonly kind: Id }>;

/** One kind of proposal: how a model asks for it, and what becomes of it. */
export interface Kind<Id extends ProposalKind = ProposalKind> {
  readonly id: Id;
  /** In words for people, such as `a note`. */
  readonly called: string;
  /** What of it is there after any crash and any repetition; the table of docs/trusted-project.md. */
  readonly guarantee: string;
  /** How it is offered to a model; undefined where the lists have nothing for it. */
  readonly tool: (choices: Choices) => ProposalDesk['tools'][number] | undefined;
  /** Makes a proposal of what a model sent; a list of mistakes, where there are some. */
  readonly read: (choices: Choices, input: JsonValue) => Of<Id> | readonly string[];
  /** What stands against a proposal: an index outside of its list, or others of its kind before it. */
  readonly refuse: (choices: Choices, proposal: Of<Id>, before: readonly Of<Id>[]) => string | undefined;
  /**
   * Only asked where nothing stands against it. @param before - those of its kind that were planned before it
   * @param lines - those that the merge request adds or changes
   */
  readonly plan: (
    choices: Choices,
    proposal: Of<Id>,
    before: readonly Of<Id>[],
    lines: ChangedLines,
  ) => Planned;
}

/** Declares a kind; all of them are kept as one type, since each is only asked about its own proposals. */
export function defineKind<const Id extends ProposalKind>(kind: Kind<Id>): Kind {
  return kind as unknown as Kind;
}
