import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  path: '/projects/:project/ci/lint',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/lint',
} as const;

export interface LintResult {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The configuration with all that it includes. */
  readonly mergedYaml: string | undefined;
}

const lintShape = record<LintResult>({
  ...{ valid: flag, errors: list(text), warnings: list(text), mergedYaml: optional(text) },
});

/** As if it stood in the project; with `dryRun` as a pipeline of `ref` would be created. */
export const lintText = defineEndpoint(
  { ...common, about: 'Check a text as CI configuration', method: 'POST', role: 'developer', scope: 'api' },
  (
    call,
    input: OfProject & { readonly content: string; readonly dryRun?: boolean; readonly ref?: string },
  ) => {
    const { content, dryRun, ref } = input;
    return call.send(input, json(lintShape), { body: { json: { content, dry_run: dryRun, ref } } });
  },
);

export const lintProject = defineEndpoint(
  {
    ...{ ...common, about: "Check a project's own CI configuration", method: 'GET' },
    ...{ role: 'reporter', scope: 'read_api' },
  },
  (call, input: OfProject & { readonly contentRef?: string }) =>
    call.send(input, json(lintShape), { query: { content_ref: input.contentRef } }),
);
