import type { Match, PolicyRequest } from './types.ts';

/** Kind of what each action but `propose` is about; everything else is proposed. */
const resourceOf: Readonly<Record<string, string>> = {
  run: 'manifest',
  resume: 'manifest',
  use_model: 'model',
  call_tool: 'tool',
  delegate: 'subagent',
};
const notProposed = new Set(Object.values(resourceOf));

/** The one kind that an action is about; undefined where that is any kind of proposal. */
export function resourceOfAction(action: string): string | undefined {
  return Object.hasOwn(resourceOf, action) ? resourceOf[action] : undefined;
}

/** Whether there can be a request of an action about a resource. */
export function isPossible(action: string, resource: string): boolean {
  const one = resourceOfAction(action);
  return one === undefined ? !notProposed.has(resource) : resource === one;
}

type Test = (request: PolicyRequest) => boolean;

/** Whether a name fits a pattern in which `*` stands for any characters. In time linear in both for one `*`, else in their product. */
export function fitsGlob(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  // What stands between two stars is best taken where it first occurs: that leaves most to the others.
  let from = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** The names of agents that a policy is about, if it names each: then it is looked up by them. */
export function exactNames({ agents }: Match): readonly string[] | undefined {
  const names = agents?.names;
  return names === undefined || names.some(isGlob) ? undefined : names;
}

/** Whether a match is about a request, all of it asked: what the index and the rest of the match answer together. */
export function isAbout(match: Match, request: PolicyRequest): boolean {
  const { actions, resources } = match;
  const names = exactNames(match);
  return (
    actions.includes(request.action) &&
    (resources?.includes(request.resource) ?? true) &&
    (names?.includes(request.agent.name) ?? true) &&
    (compileMatch(match)?.(request) ?? true)
  );
}

/** What the index has not asked already: names with `*`, kinds, tiers, environments; undefined where that is nothing. */
export function compileMatch(match: Match): Test | undefined {
  const tests: Test[] = [];
  const { names, kinds, tiers } = match.agents ?? {};
  if (kinds !== undefined) tests.push(({ agent }) => kinds.includes(agent.kind));
  if (tiers !== undefined) tests.push(({ agent }) => tiers.includes(agent.tier));
  if (names?.some(isGlob)) tests.push(({ agent }) => names.some((name) => fitsGlob(name, agent.name)));
  const { environments } = match;
  if (environments !== undefined) tests.push(({ environment }) => fitsSome(environments, environment));
  const [first, ...others] = tests;
  if (first === undefined || others.length === 0) return first;
  return (request) => tests.every((test) => test(request));
}

function fitsSome(patterns: readonly string[], name: string | undefined): boolean {
  return name !== undefined && patterns.some((pattern) => fitsGlob(pattern, name));
}

function isGlob(name: string): boolean {
  return name.includes('*');
}
