import { validate } from '#validators/loop-message';
import { canonicalJson, type JsonValue } from '../../kernel/canonical.ts';
import { renderPath } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import { shown } from '../../kernel/schema-terms.ts';
import { field } from '../../tools/mcp/field.ts';
import type { LoopMessage } from './message.gen.ts';
import type { Heard } from './types.ts';

const types: readonly string[] = ['hello', 'model', 'tool', 'propose', 'report', 'answer', 'ask', 'done'];

/** Holds the greeting and the one message that is not answered yet. */
export function createInbox() {
  const held: LoopMessage[] = [];
  let [hasGreeted, isBusy] = [false, false];
  let over: (() => Heard) | undefined;
  let wake = () => {};
  const stop = (how: () => Heard) => {
    over ??= how;
    wake();
  };
  const end = (reason: string) => stop(() => ({ kind: 'over', reason }));
  const whyNot = (given: JsonValue): string | undefined => {
    const type = field(given, 'type') ?? null;
    if (!types.includes(String(type))) return `it has said what is of no type we know: ${shown(type)}`;
    const [issue] = checkSchema(validate, given);
    if (issue !== undefined) return `it has said what is no message: ${inWords(issue)}`;
    const unkept = whyNotKept(given);
    if (unkept !== undefined) return `it has said what cannot be kept: ${unkept}`;
    const isGreeting = (given as unknown as LoopMessage).type === 'hello';
    if (isGreeting === hasGreeted) return isGreeting ? 'it has greeted twice' : 'it has not greeted first';
    return isBusy ? 'it has asked again before it was answered' : undefined;
  };
  return {
    end,
    isOver: () => over !== undefined,
    fail: (error: unknown) =>
      stop(() => {
        throw error;
      }),
    answered: () => {
      isBusy = false;
    },
    take: (given: JsonValue) => {
      if (over !== undefined) return;
      const why = whyNot(given);
      if (why !== undefined) return end(why);
      isBusy = hasGreeted;
      hasGreeted = true;
      held.push(given as unknown as LoopMessage);
      wake();
    },
    next: async (): Promise<Heard> => {
      for (;;) {
        const message = held.shift();
        if (message !== undefined) return { kind: 'message', message };
        if (over !== undefined) return over();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** JavaScript reads numbers and texts that no record could hold: 1e999, half of a surrogate pair; and what nests so deep that the stack is full. */
function whyNotKept(given: JsonValue): string | undefined {
  try {
    canonicalJson(given);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'it nests too deep';
    if (!(error instanceof TypeError)) throw error;
    return error.message;
  }
}

function inWords({ path, message, expected }: ReturnType<typeof checkSchema>[number]): string {
  const at = path.length === 0 || message.includes(renderPath(path)) ? '' : `${renderPath(path)}: `;
  return `${at}${message}${expected === undefined ? '' : `, expected ${expected}`}`.slice(0, 500);
}
