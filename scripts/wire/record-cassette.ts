import { digest, type JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { fileErrors } from '../../components/kernel/errors.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { assertNoLinks, readTextFile, writeFileAtomic } from '../../components/kernel/files.ts';
import { type DataPath, renderPath } from '../../components/kernel/place.ts';
import { openCassette, recordLine, requestValue } from '../../components/models/cassette.ts';
import { errors } from '../../components/models/errors.ts';
import type { Model } from '../../components/models/types.ts';
import { cleanTurn } from '../../components/session/clean-turn.ts';

const mostBytes = 64 * 1024 * 1024;

/**
 * A model whose answers are kept in a file, each before it is given on; what a file of an earlier job holds stays. It is written
 * as a whole, so a job that is cut off leaves the turns it had.
 * @throws what reading and writing files throws, MODEL_CASSETTE_INVALID; `generate` MODEL_RECORD_SECRET before it asks
 */
export async function recordModel(context: Context, file: string, model: Model): Promise<Model> {
  await assertNoLinks(context, file);
  const lines = await readLines(context, file);
  return {
    ...model,
    generate: async (request) => {
      const place = secretIn(requestValue(request), context.redact, []);
      if (place !== undefined) throw errors.RECORD_SECRET({ file, place: renderPath(place) });
      const turn = cleanTurn(await model.generate(request), context.redact);
      // What was asked again after a crash has one answer, the one the session goes on with.
      lines.set(digest(requestValue(request)), recordLine(request, turn));
      await writeFileAtomic(context, file, [...lines.values()].join(''));
      return turn;
    },
  };
}

/** Lines by the digest of their request; none where there is no file yet. */
async function readLines(context: Context, file: string): Promise<Map<string, string>> {
  const text = await readTextFile(context, file, { maxBytes: mostBytes }).catch((error: unknown) => {
    if (error instanceof Failure && error.code === fileErrors.NOT_FOUND.code) return '';
    throw error;
  });
  if (text.trim() === '') return new Map();
  // It must be one of ours, or its user would lose what else it is.
  await openCassette(context, file);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => [String((JSON.parse(line) as { digest: unknown }).digest), `${line}\n`]),
  );
}

/** The first text that would be another if it were redacted. */
function secretIn(
  value: JsonValue | undefined,
  redact: (text: string) => string,
  path: DataPath,
): DataPath | undefined {
  if (typeof value === 'string') return redact(value) === value ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = secretIn(item as JsonValue, redact, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
