import { digest, type JsonValue } from '../kernel/canonical.ts';
import { cut } from '../kernel/schema-terms.ts';
import type { Waiting } from './records.ts';
import type { Oversight } from './types.ts';

/** A call of the model, as rates count it, with the calls of tools that it asked for. */
export interface Requests {
  /** Milliseconds since the epoch of Unix. */
  readonly at: number;
  readonly tools: number;
  /** 0 of a call of a tool that no model asked for; else one. */
  readonly models?: number | undefined;
}

/** What a session has called so far. */
export interface Called {
  readonly inTurn: number;
  readonly inSession: number;
  /** Calls that the manifest's rate has room for. */
  readonly room: number;
}

/** Why a manifest does not let its agent make a call, in words for the model; undefined where it does. */
export function whyNotCalled(
  { allowed, blocked, callsOfTurn, callsOfSession }: Oversight,
  names: readonly string[],
  { inTurn, inSession, room }: Called,
): { readonly text: string; readonly rule?: string } | undefined {
  if (names.some((name) => blocked.includes(name)))
    return { text: 'The manifest of this agent blocks this call.', rule: 'manifest/blocked_actions' };
  if (allowed !== undefined && !names.some((name) => allowed.includes(name)))
    return {
      text: `The manifest of this agent allows no such call, only: ${allowed.join(', ')}.`,
      rule: 'manifest/allowed_actions',
    };
  if (callsOfTurn !== undefined && inTurn >= callsOfTurn)
    return { text: `The manifest allows ${callsOfTurn} calls of tools in one turn.` };
  if (callsOfSession !== undefined && inSession >= callsOfSession)
    return { text: `The manifest allows ${callsOfSession} calls of tools in a session, and they are made.` };
  if (room <= 0)
    return { text: 'The manifest limits how many calls are made in a while. Make this one again later.' };
  return undefined;
}

/** @param risk - undefined for a proposal, which does nothing by itself and is asked about by its name only */
export function needsApproval(
  { approval: { from, names: asked } }: Oversight,
  names: readonly string[],
  risk: 'low' | 'medium' | 'high' | undefined,
): boolean {
  if (names.some((name) => asked.includes(name))) return true;
  return risk === 'high' ? from !== undefined : risk === 'medium' && from === 'medium';
}

const mostShown = 500;

/** A call as a person is shown it. Its digest is what is approved: of the tool and all of its arguments. */
export function waitingOf(tool: string, input: JsonValue): Waiting {
  const text = JSON.stringify(input);
  const shown = text.length > mostShown ? `${cut(text, mostShown)} (of ${text.length} characters)` : text;
  return { digest: digest({ tool, input }), tool, shown };
}

/** What a person is asked where calls wait for an approval. */
export function questionOf(session: string, waiting: readonly Waiting[]): string {
  const calls = waiting.map(({ tool, shown }) => `${tool} ${shown}`).join(', ');
  const digests = waiting.map((one) => one.digest).join(' ');
  return `a person must approve: ${calls}; to do so: pipewright sessions answer ${session} 'approve ${digests}'`;
}

const [minute, hour] = [60_000, 3_600_000];

/** The requests that a limit of rates can still ask for, with one more. */
export function withRequests(recent: readonly Requests[], one: Requests): readonly Requests[] {
  return [...recent.filter(({ at }) => at > one.at - hour), one];
}

/** How many more calls of tools the rates let now; infinite where there is none. */
export function roomFor(oversight: Oversight, recent: readonly Requests[], now: number): number {
  return Math.min(
    ...ratesOf(oversight).map(([most, length]) => most - countSince(recent, now - length, ofTools)),
  );
}

/** Milliseconds until the rates let the model be called, and it a tool. Each is counted for itself. */
export function waitFor(oversight: Oversight, recent: readonly Requests[], now: number): number {
  const waits = ratesOf(oversight).flatMap((rate) => [
    waitForOne(rate, recent, now, ofModels),
    waitForOne(rate, recent, now, ofTools),
  ]);
  return Math.max(0, ...waits);
}

type Rate = readonly [most: number, length: number];
type Count = (one: Requests) => number;

const ofModels: Count = ({ models = 1 }) => models;
const ofTools: Count = ({ tools }) => tools;

function waitForOne([most, length]: Rate, recent: readonly Requests[], now: number, count: Count): number {
  let left = countSince(recent, now - length, count);
  for (const one of recent) {
    if (left < most) return 0;
    if (one.at <= now - length) continue;
    left -= count(one);
    if (left < most) return one.at + length - now;
  }
  return 0;
}

function ratesOf({ perMinute, perHour }: Oversight): readonly Rate[] {
  return [
    [perMinute ?? Infinity, minute],
    [perHour ?? Infinity, hour],
  ];
}

function countSince(recent: readonly Requests[], since: number, count: Count): number {
  return recent.reduce((sum, one) => (one.at > since ? sum + count(one) : sum), 0);
}

/** Whether a manifest limits rates, so that times are recorded. */
export function isRated({ perMinute, perHour }: Oversight): boolean {
  return perMinute !== undefined || perHour !== undefined;
}
