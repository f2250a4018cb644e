import { isDeepStrictEqual } from 'node:util';
import type { InputSpec, InputSpecs } from './template.ts';

/** A change of what consumers write or get; without `input` the whole component. */
export interface BreakingChange {
  readonly component: string;
  readonly input?: string;
  readonly what: string;
}

export type Components = ReadonlyMap<string, InputSpecs>;

/** Lists what breaks a pipeline that includes a component of `before` when it gets `after`. */
export function findBreakingChanges(before: Components, after: Components): BreakingChange[] {
  return [...before].flatMap(([component, inputs]) => {
    const now = after.get(component);
    if (now === undefined) return [{ component, what: `the component \`${component}\` is gone` }];
    return compareInputs(inputs, now).map(({ input, what }) => ({
      component,
      input,
      what: `the input \`${input}\` of \`${component}\` ${what}`,
    }));
  });
}

interface InputChange {
  readonly input: string;
  readonly what: string;
}

function compareInputs(before: InputSpecs, after: InputSpecs): InputChange[] {
  const added = Object.entries(after)
    .filter(([input, spec]) => !Object.hasOwn(before, input) && !Object.hasOwn(spec, 'default'))
    .map(([input]) => ({ input, what: 'is new and has no default' }));
  const changed = Object.entries(before).flatMap(([input, spec]) => {
    const now = Object.hasOwn(after, input) ? after[input] : undefined;
    const texts = now === undefined ? ['is gone'] : compareInput(input, spec, now);
    return texts.map((what) => ({ input, what }));
  });
  return [...changed, ...added];
}

function compareInput(input: string, before: InputSpec, after: InputSpec): string[] {
  const changes: string[] = [];
  const [oldType, newType] = [before.type ?? 'string', after.type ?? 'string'];
  if (oldType !== newType) changes.push(`has type ${newType}, it was ${oldType}`);
  changes.push(...compareOptions(before.options, after.options));
  if (after.regex !== undefined && before.regex !== after.regex) {
    changes.push(before.regex === undefined ? 'has a regex, it had none' : 'has another regex');
  }
  if (!isDeepStrictEqual(before.rules, after.rules)) changes.push('has other rules');
  // Each release stamps another image: that default is meant to change.
  if (input !== 'image') changes.push(...compareDefault(before, after));
  return changes;
}

function compareOptions(before: unknown, after: unknown): string[] {
  if (!Array.isArray(after)) return [];
  if (!Array.isArray(before)) return ['takes only certain options, it took anything'];
  const gone = before.filter((option) => !after.includes(option));
  return gone.length === 0 ? [] : [`lost the option ${gone.join(', ')}`];
}

function compareDefault(before: InputSpec, after: InputSpec): string[] {
  if (!Object.hasOwn(before, 'default')) return [];
  if (!Object.hasOwn(after, 'default')) return ['lost its default'];
  const [old, now] = [JSON.stringify(before.default), JSON.stringify(after.default)];
  return old === now ? [] : [`has the default ${now}, it was ${old}`];
}
