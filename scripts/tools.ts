import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';

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
  },
  positional: 'agent',
  examples: ['pipewright tools agents/reviewer/agent.ossa.yaml'],
  exits: { 20: 'the manifest cannot be run, or a tool is not as it was pinned' },
  run: async (context, { agent }) => {
    const { printTools } = await import('./wire/tools-print.ts');
    return (await printTools(context, agent)) ? exitCodes.ok : exitCodes.findings;
  },
});
