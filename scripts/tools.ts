import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { egressInputs } from './wire/run-egress.ts';
import { serverInputs } from './wire/run-servers.ts';

export const command = defineCommand({
  id: 'tools',
  summary:
    'Show which tools an agent is given here, and what MCP servers of its manifest offer, with digests to pin',
  inputs: {
    agent: {
      type: 'string',
      description: 'Manifest of the agent, relative to the repository',
      required: true,
      security: true,
    },
    ...{ ...egressInputs, ...serverInputs },
  },
  positional: 'agent',
  examples: [
    'pipewright tools agents/reviewer/agent.ossa.yaml',
    'pipewright tools agents/reviewer/agent.ossa.yaml --allow-mcp=glossary=https://mcp.example.com/mcp',
  ],
  exits: { 20: 'the manifest cannot be run, or a tool is not as it was pinned' },
  run: async (context, inputs) => {
    const { printTools } = await import('./wire/tools-print.ts');
    return (await printTools(context, inputs)) ? exitCodes.ok : exitCodes.findings;
  },
});
