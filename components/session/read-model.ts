import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { sessionFindings as codes } from './findings.ts';
import type { FieldReader } from './manifest-data.ts';
import type { ModelRules } from './types.ts';

const llm = ['spec', 'llm'];
const retries = [...llm, 'retry_config'];

/** What is done where a manifest says nothing of it. Providers refuse in passing many times a day. */
const defaultAttempts = 3;
const defaultInitialMs = 1_000;
const defaultMostMs = 30_000;
/** A manifest lets no job wait longer. */
const mostMs = 120_000;
const mostAttempts = 10;

/** OSSA has three words of 0.3 on, and `fixed` in 0.2. */
const backoffs = ['none', 'fixed', 'linear', 'exponential'] as const;

/** Reads how a model is asked, and which may answer in its place. Where it is reached a manifest does not say, and is told so. */
export function readModel(data: unknown, reader: FieldReader): ModelRules {
  tellIgnored(data, reader);
  return {
    topP: reader.number([...llm, 'topP']),
    frequencyPenalty: reader.number([...llm, 'frequencyPenalty']),
    presencePenalty: reader.number([...llm, 'presencePenalty']),
    attempts: {
      attempts: Math.min(mostAttempts, reader.count([...retries, 'max_attempts'], defaultAttempts)),
      backoff: readBackoff(reader),
      initialMs: Math.min(mostMs, reader.count([...retries, 'initial_delay_ms'], defaultInitialMs, 0)),
      mostMs: Math.min(mostMs, reader.count([...retries, 'max_delay_ms'], defaultMostMs, 0)),
    },
    fallbacks: reader.list([...llm, 'fallback_models']).map((_, index) => {
      const path = [...llm, 'fallback_models', index];
      return {
        provider: reader.requiredText([...path, 'provider']),
        model: reader.requiredText([...path, 'model']),
        temperature: reader.number([...path, 'temperature']),
        trigger: {
          onError: valueAt(data, [...path, 'trigger', 'on_error']) !== false,
          statuses: readStatuses(reader, [...path, 'trigger', 'error_codes']),
        },
      };
    }),
  };
}

function readBackoff(reader: FieldReader): ModelRules['attempts']['backoff'] {
  const path = [...retries, 'backoff_strategy'];
  const text = reader.text(path) ?? 'exponential';
  const backoff = backoffs.find((each) => each === text);
  if (backoff !== undefined) return backoff;
  reader.issues.push({
    code: codes.FIELD,
    path,
    message: `${renderPath(path)} is ${shown(text)}`,
    expected: `one of: ${backoffs.join(', ')}`,
  });
  return 'exponential';
}

function readStatuses(reader: FieldReader, path: DataPath): readonly number[] | undefined {
  const statuses = reader.list(path).filter((each): each is number => Number.isSafeInteger(each));
  return statuses.length === 0 ? undefined : statuses;
}

const elsewhere = 'where a model is reached is said by the inputs of the job';
const keys = 'keys are read from variables of the job, see docs/models.md';

/** What would change where a request goes, or what it costs, if a run believed it. */
const notHonoured: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['baseUrl', 'base_url', 'baseURL', 'endpoint', 'api_base', 'url', 'headers'].map((name) => [
      name,
      elsewhere,
    ]),
  ),
  ...Object.fromEntries(['api_key', 'apiKey', 'api_key_env', 'apiKeyEnv'].map((name) => [name, keys])),
  execution_profiles:
    'a run takes temperature and maxTokens of spec.llm, and asks no model to reason longer than it does',
};

function tellIgnored(data: unknown, reader: FieldReader): void {
  const tell = (path: DataPath, why: string) =>
    reader.issues.push({ code: codes.IGNORED, path, message: `${renderPath(path)} is left out: ${why}` });
  for (const [field, why] of Object.entries(notHonoured))
    if (valueAt(data, [...llm, field]) !== undefined) tell([...llm, field], why);
  for (const index of reader.list([...llm, 'fallback_models']).keys())
    for (const field of ['max_retries', 'latency_threshold_ms']) {
      const path = [...llm, 'fallback_models', index, 'trigger', field];
      if (valueAt(data, path) !== undefined)
        tell(path, 'another model is asked once, after spec.llm.retry_config');
    }
}
