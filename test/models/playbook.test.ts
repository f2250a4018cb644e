import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failures } from '../../components/kernel/failure.ts';
import { openModel } from '../../components/models/open-model.ts';
import { planAnswer } from '../../components/models/playbook/answer.ts';
import { diagnose } from '../../components/models/playbook/diagnose.ts';
import { parsePlaybook } from '../../components/models/playbook/parse.ts';
import { readJobs, readLines } from '../../components/models/playbook/read-messages.ts';
import { renderNote } from '../../components/models/playbook/render.ts';
import { openPlaybook } from '../../components/models/playbook.ts';
import type { Message, ModelRequest } from '../../components/models/types.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

const text = `format: pipewright/playbook/v1
errors: (?i)error
causes:
  - id: missing
    area: shell
    title: There is no {command}
    match: ['(?P<command>\\w+): not found']
    explanation: It has no {command}.
    fix: Install {command}.
  - id: late
    area: runner
    title: Too late
    reasons: [job_execution_timeout]
    explanation: It took too long.
    fix: Do less.
`;
const ready = await parsePlaybook('playbook.yaml', text);

const tools = ['list-pipeline-jobs', 'read-job-log', 'propose_note'].map((name) => ({
  ...{ name, description: 'It is there.', parameters: { type: 'object' } },
}));
const request: ModelRequest = {
  ...{ provider: 'anthropic', model: 'm', maxOutputTokens: 100, messages: [], tools },
};

async function open() {
  return openPlaybook(testContext(workspace({ 'playbook.yaml': text })), 'playbook.yaml');
}

function messagesOf(...turns: readonly (readonly [id: string, name: string, answer: string])[]): Message[] {
  return turns.flatMap(([id, name, answer]): Message[] => [
    { role: 'assistant', text: '', toolCalls: [{ id, name, arguments: {} }] },
    {
      ...{ role: 'tool', callId: id, failed: false },
      text: `<untrusted source="job-log">\n${answer}\n</untrusted>`,
    },
  ]);
}

describe('a playbook that is wrong', () => {
  const mistakes: readonly [name: string, change: (yaml: string) => string, words: RegExp][] = [
    [
      'an expression of another kind',
      (yaml) => yaml.replace('\\w+)', '\\w+)(?=x)'),
      /:7:13: the expression is none of RE2/,
    ],
    [
      'a large expression',
      (yaml) => yaml.replace('(?i)error', '(a{30}){30}'),
      /:2:9: the expression has \d+ steps, at most 500/,
    ],
    [
      'a group that is not there',
      (yaml) => yaml.replace('no {command}.', 'no {program}.'),
      /"\{program\}" is a group of no expression of missing/,
    ],
    [
      'a group where a reason alone may do',
      (yaml) => yaml.replace('Do less.', 'Do {less}.'),
      /"\{less\}" is a group of no expression of late/,
    ],
    ['two of one id', (yaml) => yaml.replace('id: late', 'id: missing'), /missing stands there already/],
    ['neither expression nor reason', (yaml) => yaml.replace(/ {4}reasons.*\n/, ''), /causes\[1\]/],
    ['no YAML', () => 'causes: [', /playbook\.yaml:1:/],
  ];
  test.each(mistakes)('by %s is refused at its place', async (_, change, words) => {
    const refused = await parsePlaybook('playbook.yaml', change(text)).catch((error: unknown) => error);
    const { failures } = refused as Failures;
    expect(failures.map(({ code }) => code)).toEqual(['MODEL_PLAYBOOK']);
    expect(failures[0].message).toMatch(words);
  });
});

describe('what it does next', () => {
  test('follows from the conversation alone', async () => {
    const model = await open();
    const ask = (messages: readonly Message[]) => model.generate({ ...request, messages });
    const jobs = [
      'jobs',
      'list-pipeline-jobs',
      '2 jobs\n7 failed (script_failure) test: unit\n8 success test: lint',
    ] as const;
    expect((await ask([])).toolCalls.map(({ name }) => name)).toEqual(['list-pipeline-jobs']);
    const read = await ask(messagesOf(jobs));
    expect(read.toolCalls.map(({ arguments: input }) => input)).toEqual([
      { job: 7 },
      { job: 7, pattern: '(?i)error', regex: true },
    ]);
    const proposed = await ask(
      messagesOf(jobs, ['end-7', 'read-job-log', '4: sh: jq: not found\n(lines 4 to 4 of 4)']),
    );
    expect(proposed.toolCalls).toEqual([
      {
        id: 'note',
        name: 'propose_note',
        arguments: { body: expect.stringContaining('### There is no `jq`') },
      },
      { id: 'report', name: 'report', arguments: { confidence: 1 } },
    ]);
    const last = await ask(messagesOf(jobs, ['report', 'report', 'Noted.']));
    expect(last).toMatchObject({ text: 'Done.', toolCalls: [], costPicoUsd: 0n });
  });

  test('is nothing where the jobs cannot be listed, and it is not sure then', async () => {
    const failed = messagesOf(['jobs', 'list-pipeline-jobs', 'It failed.']).map((message) =>
      message.role === 'tool' ? { ...message, failed: true } : message,
    );
    const { toolCalls } = await (await open()).generate({ ...request, messages: failed });
    expect(toolCalls).toEqual([{ id: 'report', name: 'report', arguments: { confidence: 0 } }]);
  });

  test('is an answer, where the agent is to give one of that form', async () => {
    const failures = { type: 'object', properties: { failures: { type: 'array' } } };
    const answering = (parameters: object) => [
      ...tools,
      { name: 'answer', description: 'Answers.', parameters: parameters as never },
    ];
    const ask = async (messages: readonly Message[], parameters: object) =>
      (await (await open()).generate({ ...request, messages, tools: answering(parameters) })).toolCalls.find(
        ({ name }) => name === 'answer',
      )?.arguments;
    const jobs = messagesOf(['jobs', 'list-pipeline-jobs', '7 failed (job_execution_timeout) test: a']);
    const read = [...jobs, ...messagesOf(['end-7', 'read-job-log', ''])];
    const late = { job: 7, name: 'a', area: 'runner', cause: 'late', title: 'Too late', confidence: 1 };
    expect(await ask(read, failures)).toEqual({ complete: true, failures: [late] });
    expect(await ask(read, { type: 'object', properties: { verdict: {} } })).toBeUndefined();
    const running = messagesOf(['jobs', 'list-pipeline-jobs', '8 running test: b']);
    expect(await ask(running, failures)).toEqual({ complete: false, failures: [] });
    const unlisted = jobs.map((each) => (each.role === 'tool' ? { ...each, failed: true } : each));
    expect(await ask(unlisted, failures)).toEqual({ complete: false, failures: [] });
  });

  test('without the tool that reads logs is a note of what GitLab says', async () => {
    const few = tools.filter(({ name }) => name !== 'read-job-log');
    const messages = messagesOf(['jobs', 'list-pipeline-jobs', '7 failed (job_execution_timeout) test: a']);
    const { toolCalls } = await (await open()).generate({ ...request, messages, tools: few });
    expect(JSON.stringify(toolCalls)).toContain('### Too late');
  });

  test('is an error for an agent that is not given what it needs', async () => {
    const refused = (await open()).generate({ ...request, tools: [] });
    await expect(refused).rejects.toThrowError(
      expect.objectContaining({
        code: 'MODEL_PLAYBOOK_TOOLS',
        message: expect.stringContaining('list-pipeline-jobs and propose_note'),
      }),
    );
  });
});

test('a cassette beside it is refused: nobody could say which of both answered', async () => {
  const choice = {
    ...{
      provider: 'anthropic',
      model: 'm',
      cassette: 'turns.jsonl',
      playbook: 'playbook.yaml',
      fallbacks: [],
    },
    rules: { attempts: 1, backoff: 'none', initialMs: 0, mostMs: 0 },
  } as const;
  await expect(openModel(testContext(workspace()), choice, {} as never)).rejects.toThrowError(
    expect.objectContaining({ code: 'MODEL_TWO' }),
  );
});

test('jobs and lines are read as the tools write them', () => {
  expect(
    readJobs(
      '3 jobs\n1 failed (script_failure), which is allowed a: b: c\n2 success deploy: x\n(and 9 more)',
    ),
  ).toEqual([
    { id: 1, status: 'failed', reason: 'script_failure', isAllowed: true, name: 'b: c' },
    { id: 2, status: 'success', reason: undefined, isAllowed: false, name: 'x' },
  ]);
  expect(readLines('9: end\n(lines 9 to 9 of 9)', '2: error\n9: end')).toEqual([
    { number: 2, text: 'error' },
    { number: 9, text: 'end' },
  ]);
});

const row = fc.string({ unit: 'binary', maxLength: 60 }).map((line) => line.replace(/[\r\n]/g, '`'));

test('an answer is bounded, whatever a log says, and says where it leaves out', () => {
  const jobs = fc.array(fc.record({ id: fc.nat(), name: row }), { maxLength: 60 });
  fc.assert(
    fc.property(jobs, row, (listed, command) => {
      const lines = [{ number: 1, text: `${command}x: not found` }];
      const diagnosed = listed.map(({ id, name }) => {
        const job = { id, name: `${name}${'n'.repeat(300)}`, reason: undefined, lines };
        return { job, diagnosis: diagnose(ready, job) };
      });
      const { complete, failures } = planAnswer(diagnosed, [], true) as {
        complete: boolean;
        failures: { name: string; title: string; confidence: number }[];
      };
      expect([complete, failures.length]).toEqual([listed.length <= 50, Math.min(50, listed.length)]);
      for (const { name, title } of failures)
        expect([name.length <= 255, title.length <= 200, title !== '']).toEqual([true, true, true]);
    }),
  );
});

test('no line of a log leaves its code block, and none makes a heading', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), row, (rows, name) => {
      const lines = [...rows, `${name}: not found`].map((line, at) => ({ number: at + 1, text: line }));
      const job = { id: 1, name, reason: undefined, lines };
      const note = renderNote([{ job, diagnosis: diagnose(ready, job) }], { unread: 0, running: 0 });
      const fences = note.split('\n').filter((line) => line.startsWith('```'));
      const headings = note.replace(/```[\s\S]*?```/g, '').match(/^#/gm) ?? [];
      expect([fences.length % 2, headings.length]).toEqual([0, 1]);
    }),
  );
});
