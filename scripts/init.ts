import { defineCommand } from '../components/kernel/command.ts';
import { errors } from '../components/setup/errors.ts';
import { agentInputs, writeAgent } from './wire/init-agent.ts';
import { printCheck } from './wire/init-check.ts';
import { checkInputs, projectInputs } from './wire/init-inputs.ts';
import { writeTrustedProject } from './wire/init-write.ts';

const known = 'trusted-project, agent';

export const command = defineCommand({
  id: 'init',
  summary: 'Write the files of a trusted project or of a new agent, or check how a trusted project is set up',
  inputs: {
    what: {
      type: 'list',
      description: 'What is set up: trusted-project; or agent, and the name of a new one',
      default: [],
      security: true,
    },
    'dry-run': {
      type: 'boolean',
      description: 'Print what would be written',
      default: false,
      security: true,
    },
    ...projectInputs,
    ...agentInputs,
    ...checkInputs,
  },
  positional: 'what',
  examples: [
    'pipewright init agent reviewer --provider=openai --issues=2',
    'pipewright init agent --from=ci-doctor',
    'pipewright init trusted-project --image=registry.example.com/pipewright:0.1.0 --serves=acme/shop',
    'pipewright init trusted-project --check --server=https://gitlab.example.com --project=acme/agents --account=pipewright',
  ],
  exits: { 20: 'with --check: something is wrong, or cannot be known with this token' },
  run: async (context, { what, into, ...inputs }) => {
    const [kind, name] = what;
    const dryRun = inputs['dry-run'];
    if (kind === 'agent' && what.length <= 2) return writeAgent(context, { into, dryRun, name }, inputs);
    if (what.length !== 1 || kind !== 'trusted-project')
      throw errors.WHAT({
        got: what.length === 0 ? 'nothing is named' : JSON.stringify(what.join(' ')),
        known,
      });
    const { check, server, project, serves, account, 'setup-token': token } = inputs;
    const forkAccount = inputs['fork-account'];
    if (check) return printCheck(context, { server, project, serves, account, forkAccount, token });
    const { image, catalog, version, agent, cassette, playbook, levels, commits } = inputs;
    const findings = inputs.findings === 'threads';
    const asked = {
      ...{ image, catalog, version, serves, levels, agent, cassette, playbook, findings, commits },
      forks: inputs['bot-fork'],
    };
    return writeTrustedProject(context, { into, dryRun }, asked, { server, project });
  },
});
