import { type Digest, digest, type JsonValue } from '../kernel/canonical.ts';
import type { AgentExtension, AllowedCommits, AllowedThreads } from './extension.gen.ts';

/**
 * What an agent may choose from, by kind; a kind that is absent cannot be proposed. A proposal holds an index into one of
 * these lists, and whoever applies it makes the lists anew, of the manifest on the target branch.
 */
export interface Choices {
  readonly note?: { readonly topics: readonly string[] };
  readonly label?: { readonly labels: readonly string[] };
  readonly issue?: { readonly labels: readonly string[]; readonly max: number };
  readonly thread?: { readonly topics: readonly string[]; readonly max: number };
  readonly suggestion?: { readonly topics: readonly string[]; readonly max: number };
  readonly commit?: {
    /** Globs of files that it may change. */
    readonly paths: readonly string[];
    readonly maxFiles: number;
    readonly maxBytes: number;
    /** Branch of the merge request that the draft goes to. */
    readonly into: 'source' | 'target';
  };
  readonly status?: { readonly names: readonly string[] };
  readonly 'environment-stop'?: { readonly environments: readonly string[] };
}

const defaultIssues = 3;
const defaultThreads = 10;
const defaultCommit = { files: 10, bytes: 200_000 } as const;

/** Makes the lists of a manifest. Where notes and threads have no topics there is one, the agent's name. */
export function planChoices({ proposals = {} }: AgentExtension, agentName: string): Choices {
  const { note, label, issue, thread, suggestion, commit, status } = proposals;
  const stop = proposals['environment-stop'];
  const onLines = ({ topics = [agentName], max = defaultThreads }: AllowedThreads) => ({ topics, max });
  return {
    ...(note === undefined ? {} : { note: { topics: note.topics ?? [agentName] } }),
    ...(label === undefined ? {} : { label: { labels: label.labels } }),
    ...(issue === undefined
      ? {}
      : { issue: { labels: issue.labels ?? [], max: issue.max ?? defaultIssues } }),
    ...(thread === undefined ? {} : { thread: onLines(thread) }),
    ...(suggestion === undefined ? {} : { suggestion: onLines(suggestion) }),
    ...(commit === undefined ? {} : { commit: commitOf(commit) }),
    ...(status === undefined ? {} : { status: { names: status.names } }),
    ...(stop === undefined ? {} : { 'environment-stop': { environments: stop.environments } }),
  };
}

function commitOf({ paths, into = 'source', ...most }: AllowedCommits): NonNullable<Choices['commit']> {
  const { 'max-files': maxFiles = defaultCommit.files, 'max-bytes': maxBytes = defaultCommit.bytes } = most;
  return { paths, maxFiles, maxBytes, into };
}

/** Digest of the lists: equal where every index means the same. */
export function digestChoices(choices: Choices): Digest {
  return digest(choices as unknown as JsonValue);
}
