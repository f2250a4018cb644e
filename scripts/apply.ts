import { errors } from '../components/decide/errors.ts';
import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { commitInputs, forkSecret, onlyInput, readCommits } from './wire/apply-commits.ts';
import { applySecrets, openConnection } from './wire/apply-connection.ts';
import { readOrganisation } from './wire/apply-policies.ts';
import { applyOne, sweep } from './wire/apply-run.ts';
import { decisionInputs, organisationInput } from './wire/decision.ts';
import { jobInputs } from './wire/job-inputs.ts';
import { outputFolder } from './wire/output-folder.ts';

const number = { type: 'integer', default: 0, min: 0, security: true } as const;

export const command = defineCommand({
  id: 'apply',
  summary: 'Decide about the proposals of a merge request and do what is allowed, in the trusted project',
  inputs: {
    project: { ...number, description: 'Number of the project the merge request is in; 0 for a sweep' },
    'merge-request': { ...number, description: 'Number of the merge request in its project' },
    pipeline: {
      ...number,
      description: "Number of the merge request's pipeline whose proposals are decided",
    },
    sweep: {
      type: 'list',
      description:
        'Projects that are served, by full path, separated by spaces: without a project each is looked through; empty serves any',
      default: [],
      spaced: true,
      security: true,
    },
    from: {
      type: 'string',
      description: "Whose sessions count: those of the merge request's pipeline, or those that ran here",
      options: ['pipeline', 'here'],
      default: 'pipeline',
      security: true,
    },
    status: {
      type: 'boolean',
      description: 'Show the decision as a status of the pipeline, which fails it where something is denied',
      default: false,
      security: true,
    },
    ...decisionInputs,
    organisation: organisationInput,
    ...{ ...commitInputs, ...onlyInput, ...forkSecret },
    ...applySecrets,
    ...jobInputs,
  },
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
    const organisation = await readOrganisation(context, inputs.organisation);
    const { agents, policies, from, out, status, sweep: serves } = inputs;
    const settings = { agents, policies, from, out, status, folder, organisation, serves, ...commits };
    if (isSweep) return sweep(context, connection, serves, settings);
    return applyOne(context, connection, asked, settings);
  },
});
