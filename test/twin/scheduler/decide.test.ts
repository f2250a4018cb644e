import { describe, expect, test } from 'vitest';
import {
  type Counted,
  compositeStatus,
  statusOfNeeds,
} from '../../../components/twin/pipelines/scheduler/composite.ts';
import { retriesItself } from '../../../components/twin/pipelines/scheduler/retry-rule.ts';
import type { JobStatus } from '../../../components/twin/world/pipeline.ts';

/** `failed?` may fail. */
function jobs(text: string): Counted[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ status: word.replace('?', '') as JobStatus, allowFailure: word.endsWith('?') }));
}

// Expectations from the tables of GitLab's own specification of composite statuses.
describe('the status of a pipeline or a stage', () => {
  test.each([
    ['', undefined],
    ['success', 'success'],
    ['success skipped', 'success'],
    ['success failed?', 'success'],
    ['success manual?', 'success'],
    ['skipped manual?', 'skipped'],
    ['manual?', 'skipped'],
    ['success manual', 'manual'],
    ['failed manual', 'manual'],
    ['success failed', 'failed'],
    ['failed canceled', 'failed'],
    ['success canceled', 'canceled'],
    ['canceled skipped', 'canceled'],
    ['created', 'created'],
    ['created success', 'running'],
    ['created manual', 'manual'],
    ['pending created', 'pending'],
    ['pending success', 'running'],
    ['running manual', 'running'],
    ['waiting_for_resource created', 'waiting_for_resource'],
    ['scheduled success', 'scheduled'],
    ['canceling success', 'canceling'],
    ['canceling running', 'running'],
  ])('of %s is %s', (text, expected) => {
    expect(compositeStatus(jobs(text))).toBe(expected);
  });
});

describe('the status of needs', () => {
  test.each([
    ['', undefined],
    ['success running', 'pending'],
    ['skipped running', 'skipped'],
    ['success manual?', 'skipped'],
    ['success manual', 'pending'],
    ['success failed?', 'success'],
    ['success failed', 'failed'],
    ['success canceled', 'canceled'],
  ])('of %s is %s', (text, expected) => {
    expect(statusOfNeeds(jobs(text))).toBe(expected);
  });
});

test('a missing dependency is never tried again by itself', () => {
  const retry = { max: 2, when: ['always'], exitCodes: [] };
  const failure = { reason: 'missing_dependency_failure', exitCode: undefined } as const;
  expect(retriesItself(retry, failure, 0)).toBe(false);
});
