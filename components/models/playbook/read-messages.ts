import type { Message, ModelRequest, ToolCall } from '../types.ts';
import type { LogLine } from './diagnose.ts';

export interface Answer {
  readonly text: string;
  readonly failed: boolean;
}

/** What this conversation has come to: which calls were made, by their ids, and what came of them. */
export interface Conversation {
  readonly calls: readonly ToolCall[];
  readonly answers: ReadonlyMap<string, Answer>;
}

export function readConversation({ messages }: Pick<ModelRequest, 'messages'>): Conversation {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const told = messages.filter((message): message is Message & { role: 'tool' } => message.role === 'tool');
  return {
    calls,
    answers: new Map(told.map(({ callId, text, failed }) => [callId, { text: unwrap(text), failed }])),
  };
}

/** The stranger's text between the marks that a session puts around it. */
function unwrap(text: string): string {
  const [, inner] = /^<untrusted [^>\n]*>\n([\s\S]*)<\/untrusted>\s*$/.exec(text) ?? [];
  return inner ?? text;
}

/** A job as `list-pipeline-jobs` writes it. */
export interface ListedJob {
  readonly id: number;
  readonly status: string;
  readonly reason: string | undefined;
  readonly isAllowed: boolean;
  readonly name: string;
}

export function readJobs(text: string): readonly ListedJob[] {
  return text.split('\n').flatMap((line): ListedJob[] => {
    const [, id, status = '', reason, allowed, rest = ''] =
      /^(\d{1,15}) ([a-z_]+)(?: \(([a-z_]+)\))?(, which is allowed)? (.*)$/.exec(line) ?? [];
    if (id === undefined) return [];
    // A stage may hold a colon, and so may a name: the first is taken for the end of the stage.
    const name = rest.slice(rest.indexOf(': ') + 2);
    return [{ id: Number(id), status, reason, isAllowed: allowed !== undefined, name }];
  });
}

/** Lines as `read-job-log` writes them, of several answers about one log: each once, in their order. */
export function readLines(...texts: readonly string[]): readonly LogLine[] {
  const lines = new Map<number, string>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, number, text] = /^(\d{1,9}): (.*)$/.exec(line) ?? [];
    if (number !== undefined && text !== undefined) lines.set(Number(number), text);
  }
  return [...lines].sort(([a], [b]) => a - b).map(([number, text]) => ({ number, text }));
}
