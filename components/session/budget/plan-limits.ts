import { renderUsd } from '../../kernel/money.ts';
import type { Bounds, DayLimits } from '../../stores/types.ts';
import { errors } from '../errors.ts';
import type { Limits, ManifestLimits, OperatorLimits } from './types.ts';

export interface PlannedLimits {
  readonly limits: Limits;
  /** Whether the price of the model must be known. */
  readonly isMoney: boolean;
  /** What is to be said about them before the session begins, a line each. */
  readonly told: readonly string[];
}

interface Asked {
  readonly agent: string;
  readonly manifest: ManifestLimits;
  readonly operator: OperatorLimits;
  readonly hasDatabase: boolean;
}

/**
 * Which budgets a session has. Those of a day need a database that all jobs share; without one they are refused, or, where the
 * operator says so, each session is held to them alone.
 * @throws SESSION_DAY_BUDGET
 */
export function planLimits({ agent, manifest, operator, hasDatabase }: Asked): PlannedLimits {
  const project: Bounds = { tokens: undefined, costPicoUsd: operator.projectDay };
  const day: DayLimits = { agent: manifest.day, project };
  const hasDay = isSet(day.agent) || isSet(day.project);
  const isMoney = [operator.session, operator.projectDay, manifest.day.costPicoUsd].some(
    (sum) => sum !== undefined,
  );
  const own: Bounds = { tokens: undefined, costPicoUsd: operator.session };
  const ofSession = isSet(own) ? [`budget of this session: ${inWords(own)}`] : [];
  const days = daysInWords(agent, day);
  const { request } = manifest;
  if (!hasDay) return { limits: { request, session: own, day: undefined }, isMoney, told: ofSession };
  if (hasDatabase)
    return {
      limits: { request, session: own, day },
      isMoney,
      told: [
        ...ofSession,
        ...days.map((words) => `${words}; the database holds all sessions to it together`),
      ],
    };
  if (operator.enforcement !== 'best-effort') throw errors.DAY_BUDGET({ budgets: days.join(', ') });
  const session: Bounds = {
    tokens: manifest.day.tokens,
    costPicoUsd: least([own, day.agent, day.project].map(({ costPicoUsd }) => costPicoUsd)),
  };
  const bound = inWords(session);
  return {
    limits: { request, session, day: undefined },
    isMoney,
    told: [
      ...ofSession,
      ...days.map((words) => `${words}, at best effort`),
      `no database counts a day: each session alone is held to ${bound}, so n sessions may take n times ${bound} in a day`,
    ],
  };
}

function daysInWords(agent: string, { agent: own, project }: DayLimits): readonly string[] {
  return [
    ...(isSet(own) ? [`budget of the agent ${agent} for a day: ${inWords(own)}`] : []),
    ...(isSet(project) ? [`budget of the project for a day: ${inWords(project)}`] : []),
  ];
}

function inWords({ tokens, costPicoUsd }: Bounds): string {
  const parts = [
    ...(costPicoUsd === undefined ? [] : [renderUsd(costPicoUsd)]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
  ];
  return parts.join(' and ');
}

function isSet({ tokens, costPicoUsd }: Bounds): boolean {
  return tokens !== undefined || costPicoUsd !== undefined;
}

function least(sums: readonly (bigint | undefined)[]): bigint | undefined {
  const [first, ...rest] = sums.filter((each) => each !== undefined);
  return rest.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), first);
}
