import { canonicalJson, type Digest, digest, type JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { type Failure, Failures } from '../kernel/failure.ts';
import { readTextFile } from '../kernel/files.ts';
import { parseEntry } from './cassette-entry.ts';
import { renderDifference } from './difference.ts';
import { errors } from './errors.ts';
import type { Model, ModelRequest, ModelTurn } from './types.ts';

const mostBytes = 64 * 1024 * 1024;
const mostReported = 20;

/** One recorded call. */
interface Recorded {
  readonly line: number;
  readonly request: JsonValue;
  readonly turn: ModelTurn;
}

/**
 * Opens a file of recorded turns, JSON Lines as {@link recordLine} writes them: a request is answered with the turn that
 * was recorded for exactly this request, however often it is asked. It opens no socket.
 * @throws Failures of MODEL_CASSETTE_INVALID; `generate` MODEL_CASSETTE_MISS, which says what differs
 */
export async function openCassette(context: Context, path: string): Promise<Model> {
  const recorded = parseCassette(path, await readTextFile(context, path, { maxBytes: mostBytes }));
  return {
    id: 'cassette',
    generate: async (request) => {
      const wanted = requestValue(request);
      const found = recorded.get(digest(wanted));
      if (found !== undefined) return found.turn;
      const nearest = renderDifference([...recorded.values()], wanted, context.redact);
      throw errors.CASSETTE_MISS({ file: path, messages: request.messages.length, nearest });
    },
  };
}

/** The line of a cassette for a call and its answer, with its line feed. */
export function recordLine(request: ModelRequest, turn: ModelTurn): string {
  const value = requestValue(request);
  const { costPicoUsd, ...rest } = turn;
  const answer = { ...rest, costPicoUsd: String(costPicoUsd) } as unknown as JsonValue;
  return `${canonicalJson({ request: value, digest: digest(value), turn: answer })}\n`;
}

/** Requests are JSON throughout, which their interfaces do not say. */
export function requestValue(request: ModelRequest): JsonValue {
  return request as unknown as JsonValue;
}

function parseCassette(file: string, text: string): Map<Digest, Recorded> {
  const recorded = new Map<Digest, Recorded>();
  const failures: Failure[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    const at = (reason: string) => failures.push(errors.CASSETTE_INVALID({ file, line: index + 1, reason }));
    if (!entry.ok) {
      for (const reason of entry.reasons) at(reason);
      continue;
    }
    const before = recorded.get(entry.digest);
    if (before === undefined) recorded.set(entry.digest, { ...entry, line: index + 1 });
    else if (!isSameTurn(before.turn, entry.turn))
      at(`line ${before.line} has another turn for the same request`);
  }
  if (recorded.size === 0 && failures.length === 0)
    failures.push(errors.CASSETTE_INVALID({ file, line: 1, reason: 'it holds no turn' }));
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest.slice(0, mostReported - 1)]);
  return recorded;
}

function isSameTurn(a: ModelTurn, b: ModelTurn): boolean {
  const text = ({ costPicoUsd, ...rest }: ModelTurn) =>
    canonicalJson([rest as unknown as JsonValue, String(costPicoUsd)]);
  return text(a) === text(b);
}
