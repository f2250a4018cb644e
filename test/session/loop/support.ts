import { readFileSync } from 'node:fs';
import { agentPath, agentYaml, repository } from '../support.ts';

export const programs = {
  node: readFileSync('test/consumer/loop/loop.mjs', 'utf8'),
  python: readFileSync('test/consumer/loop/loop.py', 'utf8'),
};

const proposals = 'proposals: {note: {topics: [review]}, issue: {max: 2}}';

/** A checkout whose agent is a program. */
export function withProgram(program: string, parts: Parameters<typeof agentYaml>[0] = {}): string {
  const extensions = `{pipewright: {${proposals}, loop: {entrypoint: agents/loop, args: [one]}}}`;
  return repository({ [agentPath]: agentYaml({ extensions, ...parts }), 'agents/loop': program });
}
