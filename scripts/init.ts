import { defineCommand } from '../components/kernel/command.ts';
import { errors } from '../components/setup/errors.ts';
import { printCheck } from './wire/init-check.ts';
import { checkInputs, projectInputs } from './wire/init-inputs.ts';
import { writeTrustedProject } from './wire/init-write.ts';

const known = 'trusted-project';

export const command = defineCommand({
  id: 'init',
  summary: 'Set up a trusted project: write its files and say what is left, or check how it is set up',
  inputs: {
    what: { type: 'list', description: `What is set up: ${known}`, default: [], security: true },
    ...projectInputs,
    ...checkInputs,
  },
  positional: 'what',
  examples: [
    'pipewright init trusted-project --image=registry.example.com/pipewright:0.1.0 --serves=acme/shop',
    'pipewright init trusted-project --check --server=https://gitlab.example.com --project=acme/agents --account=pipewright',
  ],
  exits: { 20: 'with --check: something is wrong, or cannot be known with this token' },
  run: async (context, { what, into, ...inputs }) => {
    if (what.length !== 1 || what[0] !== known)
      throw errors.WHAT({
        got: what.length === 0 ? 'nothing is named' : JSON.stringify(what.join(' ')),
        known,
      });
    const { check, server, project, serves, account, 'setup-token': token } = inputs;
    if (check) return printCheck(context, { server, project, serves, account, token });
    const { image, catalog, version, agent, cassette } = inputs;
    const asked = { image, catalog, version, serves, agent, cassette };
    return writeTrustedProject(context, into, asked, { server, project });
  },
});
