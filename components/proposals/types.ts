import type { JsonValue } from '../kernel/canonical.ts';

/** What can be proposed; each kind is a file of kinds/. */
export const proposalKinds = [
  'note',
  'label',
  'issue',
  'thread',
  'suggestion',
  'commit',
  'status',
  'environment-stop',
] as const;
export type ProposalKind = (typeof proposalKinds)[number];

/** What a model's call is answered with. */
export type Taken =
  | { readonly ok: true; readonly proposal: JsonValue; readonly said: string }
  | { readonly ok: false; readonly said: string };

/** Where an agent's session hands in what it proposes: nothing is done, only what fits its lists is kept. */
export interface ProposalDesk {
  /** As the model sees them: one a kind that its manifest names. */
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonValue;
  }[];
  /** @param taken - proposals of the session so far, which count against limits */
  readonly take: (name: string, input: JsonValue, taken: readonly JsonValue[]) => Taken;
}
