import type { GivenVariable } from '../world/pipeline.ts';

/** What `git push -o` asks for. Source: docs.gitlab.com/topics/git/commit, "Push options". */
export interface PushOptions {
  readonly skipPipeline: boolean;
  readonly variables: readonly GivenVariable[];
  /** Undefined where nothing is said of a merge request. */
  readonly mergeRequest: MergeRequestOptions | undefined;
}

export interface MergeRequestOptions {
  readonly create: boolean;
  readonly target: string | undefined;
  readonly targetProject: string | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly draft: boolean;
  readonly removeSourceBranch: boolean;
  readonly squash: boolean;
  readonly labels: readonly string[];
  readonly unlabels: readonly string[];
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
}

export function parsePushOptions(options: readonly string[]): PushOptions {
  const given = options.map(splitOption);
  const variables = valuesOf(given, 'ci.variable').flatMap((text) => parseVariable(text) ?? []);
  const skipPipeline = given.some(({ name }) => name === 'ci.skip');
  const isAbout = given.some(({ name }) => name.startsWith('merge_request.'));
  return { skipPipeline, variables, mergeRequest: isAbout ? mergeRequestOptions(given) : undefined };
}

interface Option {
  readonly name: string;
  readonly value: string | undefined;
}

function splitOption(option: string): Option {
  const at = option.indexOf('=');
  return at < 0
    ? { name: option, value: undefined }
    : { name: option.slice(0, at), value: option.slice(at + 1).replace(/^"(.*)"$/s, '$1') };
}

function valuesOf(options: readonly Option[], wanted: string): string[] {
  return options.flatMap(({ name, value }) => (name === wanted && value !== undefined ? [value] : []));
}

function mergeRequestOptions(options: readonly Option[]): MergeRequestOptions {
  const has = (key: string) => options.some(({ name }) => name === `merge_request.${key}`);
  const values = (key: string) => valuesOf(options, `merge_request.${key}`);
  return {
    create: has('create'),
    target: values('target').at(-1),
    targetProject: values('target_project').at(-1),
    title: values('title').at(-1),
    // A push option is one line.
    description: values('description').at(-1)?.replaceAll(String.raw`\n`, '\n'),
    draft: has('draft'),
    removeSourceBranch: has('remove_source_branch'),
    squash: has('squash'),
    labels: values('label'),
    unlabels: values('unlabel'),
    assign: values('assign'),
    unassign: values('unassign'),
  };
}

/** `NAME=value` of `ci.variable`; undefined where it is none. */
function parseVariable(text: string): GivenVariable | undefined {
  const [, key, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value, variableType: 'env_var' };
}
