import { advise } from '../../components/decide/advise.ts';
import type { CommitFiles } from '../../components/decide/commit-files.ts';
import { withoutTwins } from '../../components/decide/found-bundle.ts';
import type { Pulled } from '../../components/decide/pulled-level.ts';
import type { Surroundings } from '../../components/decide/requests.ts';
import { renderDecision } from '../../components/decide/words.ts';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle, parseBundle } from '../../components/proposals/bundle.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import { digestChoices, planChoices } from '../../components/proposals/choices.ts';
import { agentPath, choices, manifest } from './shop.ts';

const head = 'a'.repeat(40);
export const target = { project: 7, mergeRequest: 3, head };
const around: Surroundings = {
  ...{ place: 'merge-request', project: 'acme/shop', fork: false, approvals: undefined },
  ...{ mergeRequest: { iid: 3, targetBranch: 'main' }, changesPolicies: undefined },
  now: Date.parse('2026-01-01T22:30:00Z'),
};

function filesOf(files: Readonly<Record<string, string>>): CommitFiles {
  return {
    paths: new Set(Object.keys(files)),
    idOf: (path) => files[path],
    read: async (path) => files[path],
  };
}

export function bundleOf(change: Partial<ProposalBundle>, agent = manifest): ProposalBundle {
  const made = makeBundle({
    ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
    agent: { path: agentPath, name: 'reviewer', digest: digestBytes(agent) },
    ...{ target, sources: ['merge-request-diff'], proposals: [{ kind: 'note', topic: 0, body: 'A note.' }] },
    usage: { iterations: 1, tokens: 10, costUsd: 0 },
  });
  return { ...made, ...change };
}

const lines = changedLines([
  {
    oldPath: 'src/price.js',
    newPath: 'src/price.js',
    diff: '@@ -1 +1 @@\n-export const vat = 0.19;\n+export const vat = 19;\n',
  },
]);

export interface Asked {
  readonly base?: Readonly<Record<string, string>>;
  readonly head?: Readonly<Record<string, string>>;
  readonly bundles?: readonly unknown[];
  readonly around?: Partial<Surroundings>;
  readonly decidedElsewhere?: boolean;
  readonly pulled?: readonly Pulled[];
}

export async function ask({
  base = { [agentPath]: manifest },
  bundles = [],
  decidedElsewhere = false,
  pulled = [],
  ...rest
}: Asked) {
  const found = bundles.map((bundle, index) => ({
    source: `bundle-${index}`,
    parsed: parseBundle(Buffer.from(typeof bundle === 'string' ? bundle : JSON.stringify(bundle))),
  }));
  const { report, findings } = await advise(
    { now: () => Date.parse('2026-01-01') },
    {
      ...{ base: filesOf(base), head: filesOf(rest.head ?? base), commit: 'b'.repeat(40), target },
      folder: 'policies',
      around: { ...around, ...rest.around },
      ...{ bundles: withoutTwins(found), lines, decidedElsewhere, version: '0.1.0' },
      pull: async () => pulled,
    },
  );
  return { report, findings, text: renderDecision(report) };
}

export const label: ProposalBundle['proposals'] = [{ kind: 'label', label: 0 }];
export const elevated = manifest.replace('tier_2_write_limited', 'tier_3_write_elevated');
const stops = { proposals: { 'environment-stop': { environments: ['review/1'] } } };
export const stopping = elevated.replace(
  /extensions: .*/,
  `extensions: { pipewright: ${JSON.stringify(stops)} }`,
);
export const stop: Partial<ProposalBundle> = {
  proposals: [{ kind: 'environment-stop', environment: 0, reason: 'Merged.' }],
  choices: digestChoices(planChoices(stops, 'reviewer')),
};
export const policy = (condition: string) => `apiVersion: pipewright/v1
kind: Policy
metadata: { name: quiet }
spec:
  effect: forbid
  match: { actions: [propose] }
  conditions: ["${condition}"]
  message: Quiet, please.
`;
