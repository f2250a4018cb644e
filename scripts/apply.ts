import { errors } from '../components/decide/errors.ts';
import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { readCommits } from './wire/apply-commits.ts';
import { openConnection } from './wire/apply-connection.ts';
import { applyInputs } from './wire/apply-inputs.ts';
import { readLevelsAbove } from './wire/apply-policies.ts';
import { applyOne, sweep } from './wire/apply-run.ts';
import { outputFolder } from './wire/output-folder.ts';

export const command = defineCommand({
  id: 'apply',
  summary: 'Decide about the proposals of a merge request and do what is allowed, in the trusted project',
  inputs: applyInputs,
  examples: [
    'pipewright apply --project=12 --merge-request=3 --pipeline=456',
    'pipewright apply --sweep=acme/shop',
  ],
  exits: {
    21: 'a policy denies something, or a commit would change what it must not',
    22: 'something could not be decided, and nothing was done for it',
  },
  run: async (context, inputs) => {
    const asked = {
      project: inputs.project,
      mergeRequest: inputs['merge-request'],
      pipeline: inputs.pipeline,
    };
    const isSweep = inputs.project === 0 && inputs.sweep.length > 0;
    const missing = Object.entries(asked).filter(([, value]) => value === 0);
    if (!isSweep && missing.length > 0)
      throw errors.TARGET_MISSING({ missing: missing.map(([name]) => name).join(', ') });
    const instance = { prefix: inputs['job-prefix'], index: readCiContext(context.env).nodeIndex };
    const folder = outputFolder(inputs.out, command.id, instance);
    const connection = openConnection(context, folder, inputs['signing-key']);
    const commits = readCommits(context, inputs, connection);
    const above = await readLevelsAbove(context, connection.gitlab, inputs);
    const { agents, policies, from, out, status, findings, 'status-check': statusCheck } = inputs;
    const settings = {
      ...{ agents, policies, from, out, status, findings, statusCheck },
      ...{ folder, ...above, serves: inputs.sweep, ...commits },
    };
    if (isSweep) return sweep(context, connection, inputs.sweep, settings);
    return applyOne(context, connection, asked, settings);
  },
});
