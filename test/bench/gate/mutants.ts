import { resourceKinds, tiers } from '../../../components/expressions/environments/policy-values.ts';
import type { PolicyDocument } from '../../../components/policy/documents.gen.ts';
import { isPossible } from '../../../components/policy/match.ts';
import { actions } from '../../../components/policy/types.ts';

/** A policy with one mistake in it that somebody could make. */
export interface Mutant {
  readonly what: string;
  readonly document: PolicyDocument;
}

/** Every mutant of a policy: a condition is dropped or turned, an operator, a number or a word is another, the match fits more or less. */
export function mutantsOf(document: PolicyDocument): readonly Mutant[] {
  const { spec } = document;
  const changed = (what: string, change: object): Mutant => ({
    what,
    document: { ...document, spec: { ...spec, ...change } },
  });
  const other = spec.effect === 'permit' ? 'forbid' : 'permit';
  // A permit has no severity: the rest of it is what is swapped.
  const { severity: _, ...unweighted } = spec;
  return [
    { what: `effect ${other}`, document: { ...document, spec: { ...unweighted, effect: other } } },
    ...(spec.effect === 'forbid'
      ? [changed('severity', { severity: spec.severity === 'warning' ? 'error' : 'warning' })]
      : []),
    ...conditionMutants(spec.conditions ?? []).map(([what, conditions]) =>
      changed(what, { conditions: conditions.length === 0 ? undefined : conditions }),
    ),
    ...matchMutants(spec.match).map(([what, match]) => changed(what, { match })),
  ];
}

type Match = PolicyDocument['spec']['match'];

function matchMutants(match: Match): readonly (readonly [string, Match])[] {
  const { agents, resources } = match;
  // What no request can be about changes no decision.
  const kinds = resourceKinds.filter((kind) => match.actions.some((action) => isPossible(action, kind)));
  const withAgents = (key: 'tiers' | 'kinds', list: readonly string[] | undefined): Match => {
    const { [key]: _, ...others } = agents ?? {};
    const changed = list === undefined ? others : { ...others, [key]: list };
    const { agents: __, ...rest } = match;
    return (Object.keys(changed).length === 0 ? rest : { ...rest, agents: changed }) as Match;
  };
  const { resources: __, ...anything } = match;
  return [
    ...listMutants(match.actions, actions).map(
      ([what, list]) => [`actions ${what}`, { ...match, actions: list }] as const,
    ),
    ...(resources === undefined ? [] : [['any resource', anything] as const]),
    ...listMutants(resources, kinds).map(
      ([what, list]) => [`resources ${what}`, { ...match, resources: list }] as const,
    ),
    ...(agents?.tiers === undefined ? [] : [['any tier', withAgents('tiers', undefined)] as const]),
    ...listMutants(agents?.tiers, tiers).map(
      ([what, list]) => [`tiers ${what}`, withAgents('tiers', list)] as const,
    ),
    ...(agents?.kinds === undefined ? [] : [['any kind', withAgents('kinds', undefined)] as const]),
    ...listMutants(agents?.kinds, ['Task']).map(
      ([what, list]) => [`kinds ${what}`, withAgents('kinds', list)] as const,
    ),
    ...(agents?.kinds === undefined ? [['kinds Agent', withAgents('kinds', ['Agent'])] as const] : []),
  ] as readonly (readonly [string, Match])[];
}

/** One item less, where one is left, and one more. */
function listMutants<T extends string>(
  list: readonly T[] | undefined,
  all: readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  if (list === undefined) return [];
  const less =
    list.length < 2
      ? []
      : list.map((item) => [`without ${item}`, list.filter((one) => one !== item)] as const);
  const more = all.filter((item) => !list.some((one) => one === item));
  return [...less, ...more.map((item) => [`with ${item}`, [...list, item]] as const)];
}

function conditionMutants(conditions: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return conditions.flatMap((source, index) => {
    const replaced = (text: string) => conditions.map((one, at) => (at === index ? text : one));
    const dropped = conditions.filter((_, at) => at !== index);
    return [
      [`condition ${index} dropped`, dropped] as const,
      [`condition ${index} negated`, replaced(`!(${source})`)] as const,
      ...textMutants(source).map(([what, text]) => [`condition ${index}: ${what}`, replaced(text)] as const),
    ];
  });
}

/** What a token can be instead. */
const instead: readonly (readonly [RegExp, readonly string[]])[] = [
  [/<(?!=)/g, ['<=', '>', '>=', '==']],
  [/>(?!=)/g, ['>=', '<', '<=', '==']],
  [/==/g, ['!=']],
  [/&&/g, ['||']],
  [/\|\|/g, ['&&']],
  [/!(?!=)/g, ['']],
  [/\.exists\(/g, ['.all(', '.exists_one(']],
  [/(?<![\w.'])\d+(?![\w.'])/g, ['+1']],
  [/'[^']*'/g, ["'another'"]],
  [/'[^']*',\s*|,\s*'[^']*'(?=\])/g, ['']],
];

function textMutants(source: string): readonly (readonly [string, string])[] {
  return instead.flatMap(([pattern, replacements]) =>
    [...source.matchAll(pattern)].flatMap((found) =>
      replacements.map((replacement) => {
        const [token] = found;
        const text = replacement === '+1' ? String(Number(token) + 1) : replacement;
        const changed = source.slice(0, found.index) + text + source.slice(found.index + token.length);
        return [`${token.trim()} is ${text === '' ? 'left out' : text}`, changed] as const;
      }),
    ),
  );
}
