import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { listed } from '../kernel/suggest.ts';
import { sessionFindings as codes } from './findings.ts';
import type { FieldReader } from './manifest-data.ts';
import type { Oversight } from './types.ts';

const autonomy = ['spec', 'autonomy'];
const safety = ['spec', 'safety'];
const guardrails = [...safety, 'guardrails'];
const rate = [...safety, 'rate_limiting'];
const people = [...safety, 'human_in_loop'];

/** Levels at which OSSA wants an approval: of everything, and with guidance. */
const [supervised, assisted] = ['supervised', 'assisted'];

/** One spelling of names, which manifests write with either. */
export function spelled(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * Reads what a session can keep of `spec.autonomy` and `spec.safety`, and tells what it cannot. Where it is not clear whether a
 * person is wanted, one is.
 *
 * @param known - all names that a call of a session can have, with `_`
 */
export function readOversight(data: unknown, reader: FieldReader, known: readonly string[]): Oversight {
  const names = (path: DataPath) => readNames(data, reader, path, known);
  const approval = [...autonomy, 'approval_required'];
  const asked = names(approval);
  const allowed = names([...autonomy, 'allowed_actions']);
  const triggers = readTriggers(data, reader);
  const isOn = (path: DataPath) => isEnabled(data, path);
  const most = isOn(guardrails) ? reader.optionalCount([...guardrails, 'max_tool_calls'], 0) : undefined;
  const isLimited = isOn(rate);
  tellIgnored(data, reader);
  return {
    approval: {
      from: approvalFrom(data, asked) ?? triggers.from,
      names: asked ?? [],
    },
    // A list of words that no call has would allow nothing at all, and was meant for another runtime.
    allowed: allowed === undefined || allowed.length === 0 ? undefined : allowed,
    // The second is no field of OSSA; whoever writes it there means it all the same.
    blocked: [
      ...(names([...autonomy, 'blocked_actions']) ?? []),
      ...(isOn(guardrails) ? (names([...guardrails, 'blocked_actions']) ?? []) : []),
    ],
    // OSSA 0.2 counts those of an execution, every later version those of a turn.
    callsOfTurn: isOld(data) ? undefined : most,
    callsOfSession: isOld(data) ? most : undefined,
    perMinute: isLimited ? reader.optionalCount([...rate, 'requests_per_minute']) : undefined,
    perHour: isLimited ? reader.optionalCount([...rate, 'requests_per_hour']) : undefined,
    stopsOnDenial: triggers.stopsOnDenial,
  };
}

/** What `spec.safety.guardrails` lets one job's share take; undefined where it says nothing. */
export function readMostSeconds(data: unknown, reader: FieldReader): number | undefined {
  if (!isEnabled(data, guardrails)) return undefined;
  return reader.optionalCount([...guardrails, 'max_execution_time_seconds']);
}

function approvalFrom(data: unknown, asked: readonly string[] | undefined): 'medium' | undefined {
  const level = valueAt(data, [...autonomy, 'level']);
  const isAsked = valueAt(data, [...autonomy, 'approval_required']);
  // An assisted agent whose manifest says what wants an approval needs it for that alone.
  const byLevel = level === supervised || (level === assisted && asked === undefined && isAsked !== false);
  return isAsked === true || byLevel ? 'medium' : undefined;
}

/** The words of a list that name something a call can be; the others are told. Undefined where there is no list. */
function readNames(
  data: unknown,
  reader: FieldReader,
  path: DataPath,
  known: readonly string[],
): readonly string[] | undefined {
  const value = valueAt(data, path);
  if (!Array.isArray(value)) return undefined;
  const words = value.filter((word): word is string => typeof word === 'string').map(spelled);
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0)
    reader.issues.push({
      ...{ code: codes.IGNORED, path, expected: `one of: ${listed(known)}` },
      message: `${renderPath(path)} names what no call of a session is: ${listed(unknown.map(shown))}`,
    });
  return words.filter((word) => known.includes(word));
}

interface Triggers {
  readonly from: 'medium' | 'high' | undefined;
  readonly stopsOnDenial: boolean;
}

/** Those of OSSA 0.2.9; later versions allow any text, which nobody can judge: then a person is wanted for every call that does something. */
function readTriggers(data: unknown, reader: FieldReader): Triggers {
  const isOff = !isEnabled(data, people) || (isOld(data) && valueAt(data, [...people, 'enabled']) !== true);
  if (isOff) return { from: undefined, stopsOnDenial: false };
  const path = [...people, 'triggers'];
  const triggers = reader.list(path);
  const stopsOnDenial = triggers.includes('policy_violation');
  const others = triggers.filter((one) => one !== 'policy_violation' && one !== 'high_risk_action');
  if (others.includes('low_confidence'))
    tell(reader, path, 'low_confidence', 'a completion signal says at which confidence: `confidence < 0.5`');
  const unclear = others.filter((one) => one !== 'low_confidence' && one !== 'user_request');
  if (triggers.length === 0 || unclear.length > 0) return { from: 'medium', stopsOnDenial };
  return { from: triggers.includes('high_risk_action') ? 'high' : undefined, stopsOnDenial };
}

/** Whoever writes it means it, unless it is switched off. */
function isEnabled(data: unknown, path: DataPath): boolean {
  const value = valueAt(data, path);
  return value !== undefined && value !== null && value !== false && valueAt(value, ['enabled']) !== false;
}

function isOld(data: unknown): boolean {
  return /(^|v)0\.[12](\.|$)/.test(String(valueAt(data, ['apiVersion'])));
}

function tellIgnored(data: unknown, reader: FieldReader): void {
  const left: readonly (readonly [place: DataPath, field: string, why: string])[] = [
    [autonomy, 'escalation_policy', 'a completion signal `escalate` says when, and an issue is how'],
    [guardrails, 'policies', 'what is forbidden is written in policies (docs/policies.md)'],
  ];
  for (const [place, field, why] of left)
    if (isEnabled(data, place) && isEnabled(data, [...place, field]))
      tell(reader, [...place, field], undefined, why);
}

function tell(reader: FieldReader, path: DataPath, word: string | undefined, why: string): void {
  const what = word === undefined ? renderPath(path) : `${word} in ${renderPath(path)}`;
  reader.issues.push({ code: codes.IGNORED, path, message: `${what} is left out: ${why}` });
}
