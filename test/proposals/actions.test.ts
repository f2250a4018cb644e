import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import { type Choices, planChoices } from '../../components/proposals/choices.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { readExtension } from '../../components/proposals/extension.ts';
import { planEffects } from '../../components/proposals/plan.ts';
import { findUnsafeLine } from '../../components/proposals/text/find-unsafe.ts';

const choices: Choices = {
  status: { names: ['risk', 'style'] },
  'environment-stop': { environments: ['review/1', 'staging'] },
};
const noLines = changedLines([]);
const desk = createDesk(choices);
const status = (name: number, description = 'Two risks.'): Proposal => ({
  ...{ kind: 'status', name, state: 'failed', description },
});
const stop = (environment: number, reason = 'Its branch is merged.'): Proposal => ({
  ...{ kind: 'environment-stop', environment, reason },
});

test('a model chooses names of the lists, and its words are a text', () => {
  expect(desk.tools.map(({ name }) => name)).toEqual(['propose_environment_stop', 'propose_status']);
  const said = { name: 'style', state: 'success', description: 'Fine.' };
  expect(desk.take('propose_status', said, [])).toMatchObject({
    proposal: { kind: 'status', name: 1, state: 'success', description: 'Fine.' },
  });
  expect(
    desk.take('propose_environment_stop', { environment: 'staging', reason: 'Done.' }, []),
  ).toMatchObject({ proposal: { kind: 'environment-stop', environment: 1, reason: 'Done.' } });
});

describe('what is not taken', () => {
  test.each([
    ['propose_status', { name: 'decision', state: 'success', description: 'x' }, /name must be one of/],
    [
      'propose_status',
      { name: 'risk', state: 'canceled', description: 'x' },
      /state must be one of: success/,
    ],
    ['propose_status', { name: 'risk', state: 'success', description: ' ' }, /description must be a text/],
    [
      'propose_status',
      { name: 'risk', state: 'success', description: 'x', ref: 'main' },
      /no argument "ref"/,
    ],
    ['propose_environment_stop', { environment: 'production', reason: 'x' }, /environment must be one of/],
    ['propose_environment_stop', { environment: 'review/*', reason: 'x' }, /environment must be one of/],
    ['propose_environment_stop', { environment: 'staging' }, /reason must be a text/],
  ])('%s %j', (name, input, said) => {
    expect(desk.take(name, input, [])).toEqual({ ok: false, said: expect.stringMatching(said) });
  });

  test.each<[Proposal[], string]>([
    [[status(2)], 'name is none of the manifest'],
    [[status(0), status(0, 'Other words.')], 'the status risk is proposed already'],
    [[status(0, '\u200b')], 'nothing of its description is left'],
    [[stop(2)], 'environment is none of the manifest'],
    [[stop(0), stop(0)], 'the stop of review/1 is proposed already'],
    [[stop(0, '/ ')], 'nothing of its reason is left'],
  ])('%j', (proposals, reason) => {
    expect(planEffects(choices, proposals, noLines).at(-1)).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  test('without a list there is neither', () => {
    expect(createDesk({}).tools).toEqual([]);
    expect(planEffects({}, [status(0), stop(0)], noLines).map(({ ok }) => ok)).toEqual([false, false]);
  });
});

test('whatever a proposal says, what is done is of the lists, and its text acts on nothing', () => {
  const text = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('/close', '@all', '<b>', '!1', 'a\nb'));
  const index = fc.integer({ min: 0, max: 3 });
  const any: fc.Arbitrary<Proposal> = fc.oneof(
    fc.record({
      ...{ kind: fc.constant('status' as const), name: index, description: text },
      state: fc.constantFrom('success' as const, 'failed' as const),
    }),
    fc.record({ kind: fc.constant('environment-stop' as const), environment: index, reason: text }),
  );
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), (proposals) => {
      for (const plan of planEffects(choices, proposals, noLines)) {
        if (!plan.ok) continue;
        const { effect } = plan;
        if (effect.kind === 'status') {
          expect(choices.status?.names).toContain(effect.name);
          expect(effect.description.length).toBeLessThanOrEqual(255);
          expect(findUnsafeLine(effect.description)).toEqual([]);
        } else if (effect.kind === 'environment-stop') {
          expect(choices['environment-stop']?.environments).toContain(effect.environment);
          expect(findUnsafeLine(effect.reason)).toEqual([]);
        } else expect.unreachable();
      }
    }),
    { numRuns: 200 },
  );
});

test('a manifest names environments exactly, and statuses like topics', () => {
  const issuesOf = (proposals: object) =>
    readExtension({ extensions: { pipewright: { proposals } } }).issues.length;
  const names = ['review/feature-1', 'staging', 'eu.west 1'];
  expect(issuesOf({ status: { names: ['risk'] }, 'environment-stop': { environments: names } })).toBe(0);
  for (const name of ['review/*', '$CI_COMMIT_REF_SLUG', '/a', 'a/', ''])
    expect(issuesOf({ 'environment-stop': { environments: [name] } }), name).toBeGreaterThan(0);
  for (const name of ['pipewright/decision', '', '../x'])
    expect(issuesOf({ status: { names: [name] } }), name).toBeGreaterThan(0);
  const { extension } = readExtension({
    extensions: { pipewright: { proposals: { status: { names: ['a'] } } } },
  });
  expect(planChoices(extension, 'reviewer')).toEqual({ status: { names: ['a'] } });
});
