import { readFileSync } from 'node:fs';
import { digestBytes } from '../../components/kernel/canonical.ts';
import { planChoices } from '../../components/proposals/choices.ts';

export const agentPath = 'agents/reviewer.ossa.yaml';
const extension = {
  proposals: {
    ...{ note: { topics: ['review'] }, label: { labels: ['risky'] }, issue: { max: 2 } },
    ...{ thread: { topics: ['review'] }, suggestion: { topics: ['review'] } },
  },
};
export const choices = planChoices(extension, 'reviewer');

export const manifest = `apiVersion: ossa/v0.4.6
kind: Agent
metadata: { name: reviewer, version: 1.0.0 }
spec:
  role: You review one change.
  llm: { provider: anthropic, model: claude-sonnet }
  tools: [{ type: function, name: read_diff }]
  access: { tier: tier_2_write_limited, permissions: [read_code, create_issues] }
  constraints: { cost: { maxTokensPerDay: 100000 } }
extensions: { pipewright: ${JSON.stringify(extension)} }
`;

/** An owner's word about the manifest, without which labels and issues are forbidden. */
export const certified = `apiVersion: pipewright/v1
kind: Certification
metadata: { name: reviewer }
spec: { manifest: "${digestBytes(manifest)}", level: bronze, reason: Read by its owner. }
`;

/** A pipeline whose one job leaves a file of proposals, in whose place `plant` puts others. */
export const shopYaml = `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
review-run:
  script: [mkdir -p .pipewright/run/review, echo ran > .pipewright/run/review/log, 'test -f nothing || echo "{}" > .pipewright/run/review/proposals.json']
  artifacts: { paths: [.pipewright/], when: always }
`;

export const trustedYaml = `
spec:
  inputs:
    project: { type: number, default: 0 }
    merge-request: { type: number, default: 0 }
    pipeline: { type: number, default: 0 }
---
include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/apply@main
    inputs:
      image: registry.example.com/pipewright:1
      project: $[[ inputs.project ]]
      merge-request: $[[ inputs.merge-request ]]
      pipeline: $[[ inputs.pipeline ]]
      sweep: acme/shop
`;

export const seed = Buffer.alloc(32, 7).toString('base64');

/** The templates as they stand, as a project of the instance. */
export function templates(): Record<string, string> {
  const names = ['validate', 'run', 'gate', 'apply'].map((id) => `templates/${id}/template.yml`);
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, 'utf8')]));
}
