import type { Context } from '../../../components/kernel/context.ts';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { repository } from '../../session/support.ts';
import { pipewright, testContext } from '../../support/cli.ts';

export const { rung, reason } = await createSandbox(testContext('/')).state();
/** Scripts run in the sandbox or not at all: what is skipped says why. */
export const titled = (name: string) => (rung === 'none' ? `${name} (skipped: ${reason})` : name);

export const taskPath = 'tasks/count.ossa.yaml';

interface TaskParts {
  readonly type?: string;
  readonly seconds?: number;
  readonly more?: string;
}

export function taskYaml({ type = 'deterministic', seconds = 20, more = '' }: TaskParts = {}): string {
  return `apiVersion: ossa/v0.3.5
kind: Task
metadata: {name: count, version: 1.0.0}
spec:
  execution: {type: ${type}, entrypoint: scripts/count.sh, timeout_seconds: ${seconds}}
  ${more.replaceAll('\n', '\n  ')}
`;
}

interface Started {
  readonly script: string;
  readonly parts?: TaskParts;
  readonly extensions?: string;
  readonly input?: string;
  readonly change?: (context: Context) => Context;
}

export const inputOf = (input: string | undefined) => (input === undefined ? [] : ['--input=input.json']);

export async function start({ script, parts = {}, extensions, input, change }: Started) {
  const yaml = taskYaml(parts) + (extensions === undefined ? '' : `extensions: ${extensions}\n`);
  const cwd = repository({
    [taskPath]: yaml,
    'scripts/count.sh': script,
    ...(input === undefined ? {} : { 'input.json': input }),
  });
  const args = ['run', `--agent=${taskPath}`, ...inputOf(input)];
  return { cwd, args, run: await pipewright(args, change === undefined ? { cwd } : { cwd, change }) };
}

export const sh = (body: string) => `#!/bin/bash\n${body}\n`;
