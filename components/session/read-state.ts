import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import { sessionFindings as codes } from './findings.ts';
import type { FieldReader } from './manifest-data.ts';
import { type StateRules, stateModes } from './types.ts';

const state = ['spec', 'state'];
const window = [...state, 'context_window'];
const storage = [...state, 'storage'];
/** OSSA has the second; manifests write both. */
const encryptions: readonly DataPath[] = [
  [...state, 'encryption'],
  [...storage, 'encryption'],
];

/** The two messages a session begins with, the note about what is left out, and a turn that called one tool. */
const leastMessages = 5;

/** The variable a session's key is in, as a manifest may name it. */
const keyNames = ['PIPEWRIGHT_SESSION_KEY', 'env:PIPEWRIGHT_SESSION_KEY', '$PIPEWRIGHT_SESSION_KEY'];

/** OSSA names strategies and describes none. Both of these leave out whole turns, the oldest first. */
const leavingOut = ['sliding_window', 'truncation'];

/**
 * Reads what a run honours of `spec.state`; all else of it is told. Where no mode is given it is `session`.
 * OSSA 0.2.9 would have `stateless` there: then an agent that says nothing of its state would forget what it read.
 */
export function readState(data: unknown, reader: FieldReader): StateRules {
  const rules: StateRules = {
    mode: readMode(reader),
    maxMessages: reader.optionalCount([...window, 'max_messages'], leastMessages),
    maxTokens: reader.optionalCount([...window, 'max_tokens']),
    encrypted: encryptions.some((path) => isAsked(valueAt(data, path))),
  };
  readStrategy(reader, rules);
  tellIgnored(data, reader);
  return rules;
}

function readMode(reader: FieldReader): StateRules['mode'] {
  const path = [...state, 'mode'];
  const text = reader.text(path) ?? 'session';
  const mode = stateModes.find((each) => each === text);
  if (mode !== undefined) return mode;
  const near = nearest(text, stateModes);
  reader.issues.push({
    code: codes.FIELD,
    path,
    message: `${renderPath(path)} is ${shown(text)}`,
    expected: `one of: ${stateModes.join(', ')}`,
    ...(near === undefined ? {} : { suggestion: near }),
  });
  return 'session';
}

/** One that takes a model, to sum up or to weigh, would be another conversation without it. */
function readStrategy(reader: FieldReader, { maxMessages, maxTokens }: StateRules): void {
  const path = [...window, 'strategy'];
  const strategy = reader.text(path);
  if (strategy === undefined) return;
  if (!leavingOut.includes(strategy))
    reader.issues.push({
      code: codes.UNSUPPORTED,
      path,
      message: `${renderPath(path)} is ${shown(strategy)}: nothing sums up or weighs a conversation here`,
      expected: `one of: ${leavingOut.join(', ')}`,
    });
  else if (maxMessages === undefined && maxTokens === undefined)
    reader.issues.push({
      code: codes.IGNORED,
      path,
      message: `${renderPath(path)} has no limit to hold: neither max_messages nor max_tokens is given`,
    });
}

/** Whoever writes `encryption` means it, unless it is switched off. */
function isAsked(encryption: unknown): boolean {
  const isOff = encryption === undefined || encryption === null || encryption === false;
  return !isOff && valueAt(encryption, ['enabled']) !== false;
}

/** What a run honours, by place; everything else that stands there is left out. */
const honoured: readonly (readonly [place: DataPath, fields: readonly string[], why: string])[] = [
  [state, ['mode', 'context_window', 'storage', 'encryption'], 'a run has no use for it'],
  [window, ['max_messages', 'max_tokens', 'strategy'], 'a run has no use for it'],
  [storage, ['encryption'], 'records are kept where the input `store` says, as long as that keeps them'],
];

function tellIgnored(data: unknown, reader: FieldReader): void {
  const tell = (path: DataPath, why: string) =>
    reader.issues.push({ code: codes.IGNORED, path, message: `${renderPath(path)} is left out: ${why}` });
  for (const [place, fields, why] of honoured)
    for (const field of Object.keys(mappingAt(data, place)))
      if (!fields.includes(field)) tell([...place, field], why);
  if (valueAt(data, ['state_management']) !== undefined)
    tell(['state_management'], 'a run reads `spec.state`');
  for (const place of encryptions) {
    const asked = mappingAt(data, place);
    if (!isAsked(valueAt(data, place))) continue;
    const { algorithm, keyRef } = asked;
    if (algorithm !== undefined && String(algorithm).toLowerCase() !== 'aes-256-gcm')
      tell([...place, 'algorithm'], 'records are encrypted with AES-256-GCM');
    if (keyRef !== undefined && !keyNames.includes(String(keyRef)))
      tell([...place, 'keyRef'], 'the key is the one in the variable PIPEWRIGHT_SESSION_KEY');
    for (const field of Object.keys(asked))
      if (!['enabled', 'algorithm', 'keyRef'].includes(field))
        tell([...place, field], 'a run has no use for it');
  }
}

function mappingAt(data: unknown, path: DataPath): Readonly<Record<string, unknown>> {
  const value = valueAt(data, path);
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMapping ? (value as Record<string, unknown>) : {};
}
