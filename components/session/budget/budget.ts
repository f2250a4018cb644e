import { renderUsd } from '../../kernel/money.ts';
import type { ModelRequest, Price } from '../../models/types.ts';
import type { DayAnswer, DayCall, DayLedger } from '../../stores/types.ts';
import { amountOf, times, tokensOf, worstCase } from './amount.ts';
import type { Amount, LastCall, Limits, Reserved } from './types.ts';

export interface BudgetParts {
  readonly limits: Limits;
  /** Undefined where it is not known, and then no budget is in money. */
  readonly price: Price | undefined;
  /** Of what keeps budgets of a day; undefined where there are none, or nothing keeps them. */
  readonly ledger: DayLedger | undefined;
}

export type Reservation =
  | { readonly ok: true; readonly reserved: Reserved }
  /** Why not, in a sentence. */
  | { readonly ok: false; readonly reason: string };

/** What a session may still spend. It knows nothing itself: what was spent is told by the records and by the ledger. */
export interface Budget {
  /** Reserves what a call may take at most; nothing is reserved where a budget does not hold it. */
  readonly reserve: (
    request: ModelRequest,
    spent: Amount,
    call: Pick<DayCall, 'session' | 'epoch' | 'sequence'> & { readonly attempts: number },
  ) => Promise<Reservation>;
  /** Said once the reservation is recorded, before the call. */
  readonly begin: (session: string, reserved: Reserved) => Promise<void>;
  /** Says what the last call took, if that is known; as often as one likes. */
  readonly settle: (session: string, last: LastCall | undefined) => Promise<void>;
}

export function createBudget({ limits, price, ledger }: BudgetParts): Budget {
  return {
    reserve: async (request, spent, { attempts, ...call }) => {
      const one = worstCase(request, price);
      const need = times(one, attempts);
      const reason = whyNotRequest(limits, one) ?? whyNotSession(limits, spent, need);
      if (reason !== undefined) return { ok: false, reason };
      const { inputTokens, outputTokens, costPicoUsd } = need;
      const cost = price === undefined ? {} : { costPicoUsd: String(costPicoUsd) };
      const reserved = { inputTokens, outputTokens, ...cost };
      if (limits.day === undefined || ledger === undefined) return { ok: true, reserved };
      const answer = await ledger.reserve({ ...call, tokens: tokensOf(need), costPicoUsd });
      if (!answer.ok) return { ok: false, reason: whyNotDay(limits, need, answer) };
      return { ok: true, reserved: { ...reserved, place: answer.place } };
    },
    begin: async (session, { place }) => {
      if (place !== undefined) await ledger?.begin(session, place);
    },
    settle: async (session, last) => {
      const { place } = last?.reserved ?? {};
      if (place === undefined || last?.actual === undefined) return;
      const { tokens, costPicoUsd } = last.actual;
      await ledger?.settle(session, place, { tokens, costPicoUsd: BigInt(costPicoUsd) });
    },
  };
}

/** What is to be said of a call that took more than it could, by all that was known; undefined where it did not. */
export function overrunOf({ reserved, actual }: LastCall): string | undefined {
  if (actual === undefined) return undefined;
  const most = amountOf(reserved);
  const isDearer = reserved.costPicoUsd !== undefined && BigInt(actual.costPicoUsd) > most.costPicoUsd;
  if (!isDearer && actual.tokens <= tokensOf(most)) return undefined;
  const took = `${actual.tokens} tokens, ${renderUsd(BigInt(actual.costPicoUsd))}`;
  const had = `${tokensOf(most)} tokens${reserved.costPicoUsd === undefined ? '' : `, ${renderUsd(most.costPicoUsd)}`}`;
  return `the call took more than was reserved for it (${took}; reserved ${had}): all of it is booked, and its price should be looked up again`;
}

function whyNotRequest({ request }: Limits, need: Amount): string | undefined {
  const rows = [
    [need.inputTokens, request.inputTokens, 'tokens of input'],
    [need.outputTokens, request.outputTokens, 'tokens of output'],
    [tokensOf(need), request.tokens, 'tokens'],
  ] as const;
  for (const [tokens, most, what] of rows)
    if (most !== undefined && tokens > most)
      return `the call could take up to ${tokens} ${what}, and its manifest allows one call ${most}`;
  return undefined;
}

function whyNotSession({ session }: Limits, spent: Amount, need: Amount): string | undefined {
  if (session.costPicoUsd !== undefined && spent.costPicoUsd + need.costPicoUsd > session.costPicoUsd)
    return short('costPicoUsd', need, session.costPicoUsd, spent.costPicoUsd, "this session's budget");
  const tokens = BigInt(tokensOf(spent));
  if (session.tokens !== undefined && tokens + BigInt(tokensOf(need)) > BigInt(session.tokens))
    return short('tokens', need, BigInt(session.tokens), tokens, "this session's budget");
  return undefined;
}

function whyNotDay({ day }: Limits, need: Amount, answer: Extract<DayAnswer, { ok: false }>): string {
  const { of, unit, spent } = answer;
  const whose = `the budget of the ${of} for ${answer.day} (UTC)`;
  return short(unit, need, BigInt(day?.[of][unit] ?? 0), spent, whose);
}

function short(
  unit: 'tokens' | 'costPicoUsd',
  need: Amount,
  most: bigint,
  spent: bigint,
  of: string,
): string {
  const left = most > spent ? most - spent : 0n;
  return unit === 'tokens'
    ? `the call could take up to ${tokensOf(need)} tokens, and ${left} are left of ${of} of ${most}`
    : `the call could cost up to ${renderUsd(need.costPicoUsd)}, and ${renderUsd(left)} is left of ${of} of ${renderUsd(most)}`;
}
