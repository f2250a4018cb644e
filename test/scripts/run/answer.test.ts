import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { digest } from '../../../components/kernel/canonical.ts';
import { startMock } from '../../models/live/support.ts';
import {
  agentPath,
  agentYaml,
  readOutput,
  record,
  repository,
  runArguments,
  sessionOf,
  turn,
} from '../../session/support.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { pipewright } from '../../support/cli.ts';
import { taskYaml } from './task-support.ts';

const schema = {
  type: 'object',
  required: ['verdict'],
  properties: { verdict: { enum: ['good', 'bad'] } },
  additionalProperties: false,
};
const extensions = JSON.stringify({ pipewright: { proposals: { note: {} }, answer: { schema } } });
const good = turn('', ['read-diff', {}], ['answer', { verdict: 'good' }]);
const file = '.pipewright/run/pipewright/answer.json';

function fits(name: string, value: unknown): string {
  const validate = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8')),
  );
  return validate(value) ? '' : JSON.stringify(validate.errors);
}

test('an answer is a file of its own beside what it was made from, and stands in the result', async () => {
  const cwd = repository({ [agentPath]: agentYaml({ extensions }) });
  await record(cwd, [good, turn('Done.')]);
  const run = await pipewright(runArguments, { cwd });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toContain('it has answered: answer.json');
  const [answer, result] = [JSON.parse(readFileSync(join(cwd, file), 'utf8')), readOutput(cwd, 'result')];
  expect([fits('answer', answer), fits('session-result', result)]).toEqual(['', '']);
  expect(answer).toMatchObject({
    ...{ format: 'pipewright/answer/v1', schema: digest(schema), value: { verdict: 'good' } },
    ...{ session: { id: sessionOf(run), epoch: 1 }, agent: { path: agentPath, name: 'reviewer' } },
    ...{ target: result.target, sources: ['merge-request-diff'] },
  });
  expect(result.answer).toEqual({ schema: digest(schema), value: { verdict: 'good' } });
});

test('a session that is not complete leaves no such file, also where an earlier one did', async () => {
  const completion = 'signals: [{signal: blocked, condition: iteration_count == 1}]';
  const cwd = repository({
    [agentPath]: agentYaml({ extensions, completion }),
    [file]: '{"value": {"verdict": "bad"}}',
  });
  await record(cwd, [good]);
  const run = await pipewright(runArguments, { cwd });
  expect(run.exitCode, run.stdout).toBe(31);
  expect(existsSync(join(cwd, file))).toBe(false);
  expect(readOutput(cwd, 'result').answer.value).toEqual({ verdict: 'good' });
});

test('a task that declares one is told that its output is its answer', async () => {
  const cwd = repository({ 'task.yaml': `${taskYaml()}\nextensions: ${extensions}\n` });
  const run = await pipewright(['run', '--agent=task.yaml', '--sandbox=off'], { cwd });
  expect(run.stdout).toMatch(/SESSION_IGNORED[\s\S]*a task answers by spec\.output/);
});

// Each wire format is tried below `test/models/live`; of these two one is asked to hold to the schema, and one is not.
describe.each([
  ['openai', 'gpt-5-mini', '/v1'],
  ['google', 'gemini-2.5-flash', '/v1beta'],
] as const)('%s', (provider, model, path) => {
  test('asks by a tool, tells what is wrong, and takes what fits', async () => {
    const mock = await startMock();
    const said = (verdict: string, id: string) => ({
      toolCalls: [{ name: 'answer', arguments: JSON.stringify({ verdict }), id }],
    });
    mock.on({ turnIndex: 0 }, said('fine', 'call_1'));
    mock.on({ turnIndex: 1 }, said('good', 'call_2'));
    mock.on({ turnIndex: 2 }, { content: 'Done.' });
    const yaml = agentYaml({ extensions, model }).replace('provider: anthropic', `provider: ${provider}`);
    const cwd = repository({ [agentPath]: yaml });
    const key = 'sk-of-nobody-0123456789abcdef';
    const run = await pipewright(['run', `--agent=${agentPath}`, `--model-url=${mock.url}${path}`], {
      ...{ cwd, ...startBrokerHere({ OPENAI_API_KEY: key, GEMINI_API_KEY: key }) },
    });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, file), 'utf8')).value).toEqual({ verdict: 'good' });
    expect(JSON.stringify(mock.getRequests().map(({ body }) => body))).toContain(
      'expected one of: good, bad',
    );
  });
});
