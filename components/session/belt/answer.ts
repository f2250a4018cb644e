import { canonicalJson, type JsonValue } from '../../kernel/canonical.ts';
import { fitsStrictMode } from '../../models/strict-schema.ts';
import type { ArgumentCheck } from '../argument-check.ts';
import type { AnswerRules } from '../types.ts';
import type { Outcome, Pouch } from './types.ts';

/** Bytes of an answer's canonical JSON. */
const mostBytes = 64 * 1024;

/**
 * The tool by which an agent answers what its manifest declares. It does nothing but write down, like `report`: no policy and no
 * list of the manifest is asked.
 */
export function createAnswer({ schema, digest, description }: AnswerRules, check: ArgumentCheck): Pouch {
  const tool = {
    name: 'answer',
    description: [
      'Gives your answer, which programs read: your work is not done without. Call it once you know it; the last that fits counts.',
      ...(description === undefined ? [] : [description]),
    ].join(' '),
    parameters: schema,
    ...(fitsStrictMode(schema) ? { strict: true as const } : {}),
  };
  const take = async (value: JsonValue): Promise<Outcome> => {
    const wrong = whyTooMuch(value) ?? (await check(tool.name, schema, value))?.text;
    if (wrong !== undefined) return { text: `Not taken. ${wrong}`, failed: true, misfits: true };
    return { text: 'Taken.', failed: false, given: { schema: digest, value } };
  };
  return {
    descriptions: [tool],
    find: (name) => (name === tool.name ? ({ input }) => take(input) : undefined),
  };
}

/** Looked at first: what a large value has of mistakes nobody wants to be told. */
function whyTooMuch(value: JsonValue): string | undefined {
  const bytes = Buffer.byteLength(canonicalJson(value));
  return bytes > mostBytes ? `It has ${bytes} bytes of JSON, at most ${mostBytes} are taken.` : undefined;
}
