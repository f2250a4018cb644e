import type { JsonValue } from '../../kernel/canonical.ts';
import { valueAt } from '../../kernel/place.ts';
import { cut } from '../../kernel/schema-terms.ts';
import type { ModelRequest } from '../types.ts';
import type { ListedJob } from './read-messages.ts';
import { type Diagnosed, onOneLine, titleOf } from './render.ts';

const [longestName, longestTitle, mostFailures] = [255, 200, 50];

/** Whether the agent is to answer with what a table of causes can say; an answer of another form it leaves to a model. */
export function wantsFailures({ tools }: Pick<ModelRequest, 'tools'>): boolean {
  const answer = tools.find(({ name }) => name === 'answer');
  return valueAt(answer?.parameters, ['properties', 'failures']) !== undefined;
}

/** What is known of a pipeline, as data: an entry a job that failed, those that were not looked at among them. */
export function planAnswer(
  diagnosed: readonly Diagnosed[],
  unread: readonly ListedJob[],
  isComplete: boolean,
): { readonly [name: string]: JsonValue } {
  const failures = [...diagnosed.map(failureOf), ...unread.map(unknownOf)];
  const isAll = isComplete && unread.length === 0;
  return { complete: isAll && failures.length <= mostFailures, failures: failures.slice(0, mostFailures) };
}

function failureOf(one: Diagnosed): JsonValue {
  const { job, diagnosis } = one;
  if (!diagnosis.known) return unknownOf(job);
  const { id, area } = diagnosis.cause;
  const title = cut(titleOf(one), longestTitle);
  return { job: job.id, name: nameOf(job), area, cause: id, title, confidence: 1 };
}

function unknownOf(job: Pick<ListedJob, 'id' | 'name'>): JsonValue {
  const nothing = { area: 'unknown', cause: 'unknown', title: 'No known cause', confidence: 0 };
  return { job: job.id, name: nameOf(job), ...nothing };
}

function nameOf({ name }: Pick<ListedJob, 'name'>): string {
  return cut(onOneLine(name), longestName);
}
