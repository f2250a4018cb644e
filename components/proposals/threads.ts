import type { JsonValue } from '../kernel/canonical.ts';
import type { SuggestionProposal, ThreadProposal } from './bundle.gen.ts';
import type { ChangedLines } from './changed-lines.ts';
import type { Choices } from './choices.ts';
import { createInputReader, type InputReader } from './input.ts';
import type { Planned } from './kind.ts';
import { noteBody, textLimits } from './limits.ts';
import { sanitiseBody } from './text/sanitise-body.ts';
import type { SafeCode } from './text/types.ts';

// What threads and suggestions share: a topic of the manifest, a line of the diff, a body.

type OnLine = ThreadProposal | SuggestionProposal;
type Allowed = NonNullable<Choices['thread']>;

/** Parameters of the tool; the lists of a manifest are in them. */
export function lineParameters(
  { topics }: Allowed,
  more: Readonly<Record<string, JsonValue>> = {},
): JsonValue {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['file', 'line', 'body', ...Object.keys(more)],
    properties: {
      topic: { type: 'string', enum: [...topics], description: 'The first without.' },
      file: {
        ...{ type: 'string', minLength: 1, maxLength: textLimits.file },
        description: 'A file that the merge request changes, by its new path.',
      },
      line: {
        ...{ type: 'integer', minimum: 1 },
        description: 'A line that it adds or changes, counted in the new file.',
      },
      body: { type: 'string', minLength: 1, maxLength: textLimits.body },
      ...more,
    },
  };
}

export interface ReadLine {
  readonly reader: InputReader;
  readonly topic: number;
  readonly file: string;
  readonly line: number;
  readonly body: string;
}

export function readLine(
  allowed: Allowed | undefined,
  input: JsonValue,
  more: readonly string[] = [],
): ReadLine {
  const reader = createInputReader(input, ['topic', 'file', 'line', 'body', ...more]);
  return {
    reader,
    topic: reader.choice('topic', allowed?.topics ?? [], true),
    file: reader.text('file', textLimits.file),
    line: reader.count('line'),
    body: reader.text('body', textLimits.body),
  };
}

export function refuseLine(
  allowed: Allowed | undefined,
  { topic, file, line }: OnLine,
  before: readonly OnLine[],
): string | undefined {
  if (allowed?.topics[topic] === undefined) return 'its topic is none of the manifest on the target branch';
  if (before.length >= allowed.max) return `${allowed.max} of them are proposed already`;
  const isTwice = before.some((other) => other.topic === topic && other.file === file && other.line === line);
  return isTwice ? 'this topic has one on that line already' : undefined;
}

/**
 * A thread is known by its topic, its file and the text of its line, wherever that moves; of equal lines by their order. Where
 * the line is changed the matter may be settled: then the thread is another, and the one before is resolved.
 */
export function planLine(
  allowed: Allowed | undefined,
  proposal: OnLine,
  before: readonly OnLine[],
  lines: ChangedLines,
  replacement?: SafeCode,
): Planned {
  const { kind, topic: index, file, line } = proposal;
  const found = lines(file, line);
  if (!found.ok) return { ok: false, reason: found.why };
  const { text, changes } = sanitiseBody(proposal.body, noteBody);
  if (text.trim() === '') return { ok: false, reason: 'nothing of its text is left after sanitising' };
  const { text: code, ...place } = found.line;
  const topic = allowed?.topics[index] ?? '';
  const isAlike = (other: OnLine) => {
    const at = lines(other.file, other.line);
    return other.topic === index && other.file === file && at.ok && at.line.text.trim() === code.trim();
  };
  const ordinal = before.filter(isAlike).length + 1;
  return {
    ok: true,
    effect: {
      ...{ kind, topic, place, body: text, replacement },
      key: JSON.stringify([topic, place.newPath, code.trim(), ordinal]),
    },
    neutralised: changes.reduce((sum, { count }) => sum + count, 0),
  };
}
