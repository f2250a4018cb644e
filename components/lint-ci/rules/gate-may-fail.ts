import { callingJobs, follows } from '../reach.ts';
import { fieldOf, listOf, textOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';
import { programOf } from '../shell/program.ts';
import type { Job, Node, Pipeline } from '../types.ts';

/** Exit codes of `pipewright gate`: denied, and no decision. */
const denials: readonly unknown[] = [21, 22];
const named = /(?:^|[-_:. ])gate(?:$|[-_:. ])/i;

export const rule = defineRule({
  id: 'gate-may-fail',
  severity: 'error',
  about:
    'A job that is the gate of an agent is `allow_failure`, or lets the codes of a denial pass: it shows an orange mark and stops nothing. A gate is the ' +
    'component or command `gate` of Pipewright, or a job with that word in its name that comes after an agent.',
  bad: `include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/gate@1.0.0
    inputs:
      mode: enforce
pipewright-gate:
  allow_failure: true
`,
  good: `include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/gate@1.0.0
    inputs:
      mode: enforce
pipewright-gate:
  needs: []
`,
  check: (pipeline) => {
    const included = gatesOf(pipeline);
    return pipeline.jobs
      .filter((job) => included.has(job.name) || isGate(pipeline, job))
      .flatMap((job) => {
        const allowance = allowanceOf(job.node);
        if (allowance === undefined) return [];
        return [
          {
            node: allowance,
            message: `${job.name} is a gate, and what it denies passes`,
            expected: 'allow_failure: false',
            fix: 'Remove allow_failure; to try a gate out, its input mode: observe says so in its own words.',
          },
        ];
      });
  },
});

/** The jobs of included gates, by the prefix that each is given. */
function gatesOf({ includes }: Pipeline): ReadonlySet<string> {
  const gates = includes.filter(
    ({ kind, target }) => kind === 'component' && /\/pipewright\/gate@/.test(target),
  );
  return new Set(
    gates.map(({ node }) => `${textOf(fieldOf(node, 'inputs', 'job-prefix')) ?? 'pipewright'}-gate`),
  );
}

function isGate(pipeline: Pipeline, job: Job): boolean {
  if (job.commands.some(({ command }) => isGateCommand(programOf(command)))) return true;
  return (
    named.test(job.name) &&
    callingJobs(pipeline).some((caller) => caller !== job && follows(pipeline, job, caller))
  );
}

function isGateCommand(program: ReturnType<typeof programOf>): boolean {
  return program?.name === 'pipewright' && program.args[0]?.text === 'gate';
}

function allowanceOf(job: Node): Node | undefined {
  const rules = listOf(fieldOf(job, 'rules')).map((one) => fieldOf(one, 'allow_failure'));
  return [fieldOf(job, 'allow_failure'), ...rules].find((allowance) => {
    const codes = listOf(fieldOf(allowance, 'exit_codes')).map(({ value }) => value);
    return allowance?.value === true || codes.some((code) => denials.includes(code));
  });
}
