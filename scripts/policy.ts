import { defineCommand } from '../components/kernel/command.ts';
import { errors } from '../components/policy/errors.ts';
import { policyInputs } from './wire/policy-inputs.ts';

const actions = 'init, test, build, diff, explain';

export const command = defineCommand({
  id: 'policy',
  summary:
    'Write, test and build policies, say what a change of them would decide otherwise, and why a request is decided so',
  inputs: {
    do: {
      type: 'list',
      description:
        '`init`, and a policy to begin with (costly-session, freeze, model-region, provider-data, agent-data); `test`; `build`; `diff` and reports; or `explain` and a request',
      default: [],
      security: true,
    },
    ...policyInputs,
  },
  positional: 'do',
  examples: [
    'pipewright policy init freeze',
    'pipewright policy test --coverage=required',
    'pipewright policy build --version=1.2.0 --bundle=policies.json',
    'pipewright policy diff .pipewright/gate/pipewright/decision.json',
    'pipewright policy diff --against=policies.json .pipewright/gate/pipewright/decision.json',
    'pipewright policy explain request.yaml',
  ],
  exits: {
    20: 'mistakes, failing tests, requests that are decided otherwise; with --coverage=required policies that no test covers',
  },
  run: async (context, inputs) => {
    const [action = '', ...words] = inputs.do;
    const counts: Readonly<Record<string, readonly [number, number]>> = {
      ...{ init: [0, 1], test: [0, 0], build: [0, 0], diff: [1, 1_000], explain: [1, 1] },
    };
    const [least, most] = counts[action] ?? [0, -1];
    if (words.length < least || words.length > most)
      throw errors.ACTION({ given: inputs.do.join(' '), known: actions });
    if (action === 'init')
      return (await import('./wire/policy-init.ts')).writeStarter(context, inputs, words);
    if (action === 'test') return (await import('./wire/policy-test.ts')).testPolicies(context, inputs);
    if (action === 'build') return (await import('./wire/policy-build.ts')).buildPolicies(context, inputs);
    if (action === 'diff')
      return (await import('./wire/policy-diff.ts')).diffPolicies(context, inputs, words);
    return (await import('./wire/policy-explain.ts')).explainRequests(context, inputs, words[0] ?? '');
  },
});
