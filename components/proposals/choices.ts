import { type Digest, digest, type JsonValue } from '../kernel/canonical.ts';
import type { AgentExtension } from './extension.gen.ts';

/**
 * What an agent may choose from, by kind; a kind that is absent cannot be proposed. A proposal holds an index into one of
 * these lists, and whoever applies it makes the lists anew, of the manifest on the target branch.
 */
export interface Choices {
  readonly note?: { readonly topics: readonly string[] };
  readonly label?: { readonly labels: readonly string[] };
  readonly issue?: { readonly labels: readonly string[]; readonly max: number };
}

const defaultIssues = 3;

/** Makes the lists of a manifest. A note without topics has one, the agent's name. */
export function planChoices({ proposals = {} }: AgentExtension, agentName: string): Choices {
  const { note, label, issue } = proposals;
  return {
    ...(note === undefined ? {} : { note: { topics: note.topics ?? [agentName] } }),
    ...(label === undefined ? {} : { label: { labels: label.labels } }),
    ...(issue === undefined
      ? {}
      : { issue: { labels: issue.labels ?? [], max: issue.max ?? defaultIssues } }),
  };
}

/** Digest of the lists: equal where every index means the same. */
export function digestChoices(choices: Choices): Digest {
  return digest(choices as unknown as JsonValue);
}
