import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { budgetInputs } from './wire/budget-inputs.ts';
import { continuationInputs } from './wire/continuation-inputs.ts';
import { jobInputs } from './wire/job-inputs.ts';
import { modelInputs, modelKeys } from './wire/model-inputs.ts';
import { outputFolder } from './wire/output-folder.ts';
import { egressInputs } from './wire/run-egress.ts';
import { runHere } from './wire/run-here.ts';
import { elsewhereInputs } from './wire/run-inputs.ts';
import { serverInputs } from './wire/run-servers.ts';
import { sessionInputs } from './wire/session-inputs.ts';
import { statedInputs } from './wire/stated-inputs.ts';

export const command = defineCommand({
  id: 'run',
  summary: 'Run an agent or a task: what it wants done becomes proposals, and nothing is done',
  inputs: {
    agent: {
      type: 'string',
      description: 'Manifest of the agent or the task, relative to the repository',
      required: true,
      security: true,
    },
    cassette: {
      type: 'string',
      description: 'File of recorded turns that answers in place of the model, relative to the repository',
      default: '',
      security: true,
    },
    ...{ ...modelInputs, ...modelKeys, ...egressInputs, ...serverInputs },
    sandbox: {
      type: 'string',
      description:
        'What becomes of scripts of the repository: require runs them shut in or not at all; off runs none, and does not look what the machine has',
      options: ['require', 'off'],
      default: 'require',
      security: true,
    },
    ...sessionInputs,
    ...budgetInputs,
    input: {
      type: 'string',
      description:
        "JSON file with a task's input, relative to the repository; empty gives it an empty mapping",
      default: '',
      security: true,
    },
    ...continuationInputs,
    'accept-changes': {
      type: 'boolean',
      description:
        'Lets a session go on under its manifest as it is now; proposals that chose from other lists are dropped',
      default: false,
      security: true,
    },
    ...elsewhereInputs,
    ...statedInputs,
    ...jobInputs,
  },
  examples: [
    'pipewright run --agent=agents/reviewer/agent.ossa.yaml --cassette=agents/reviewer/turns.jsonl',
    'pipewright run --agent=agents/reviewer/agent.ossa.yaml --record=agents/reviewer/turns.jsonl',
    'pipewright run --agent=tasks/changelog.ossa.yaml --input=release.json',
    'pipewright run --agent=tasks/changelog.ossa.yaml --session=8f14e45f-ceea-467f-9575-6e0c4f1d2b3a',
  ],
  exits: {
    20: 'the manifest cannot be run, or the task failed',
    21: 'a policy denies running it here, or a merge request changes it and its job has a secret',
    22: 'nobody can say whether it may run here',
    23: "the session's next call could cost more than a budget leaves",
    30: 'the session goes on in another job',
    31: 'the session is blocked',
    32: 'a person should decide',
  },
  run: async (context, inputs) => {
    const instance = { prefix: inputs['job-prefix'], index: readCiContext(context.env).nodeIndex };
    return runHere(context, outputFolder(inputs.out, 'run', instance), inputs);
  },
});
