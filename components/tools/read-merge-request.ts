import { answered, onOneLine, usualLimit, usualTimeout } from './text.ts';
import type { MergeRequestFacts, Tool } from './types.ts';

export const tool: Tool = {
  id: 'read-merge-request',
  description:
    'Gives what its author says of the merge request: title, description, labels, author, branches, state.',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  source: 'merge-request',
  timeout: usualTimeout,
  outputLimit: usualLimit,
  readOn: 'the rest is not to be had',
  kind: 'function',
  permission: 'read_mrs',
  risk: 'low',
  replay: 'pure',
  needs: 'mergeRequest',
  run: async (_input, { mergeRequest }) => {
    if (mergeRequest === undefined) throw new TypeError('it is not offered without a merge request');
    return answered(render(await mergeRequest()));
  },
};

function render(facts: MergeRequestFacts): string {
  const { iid, title, description, isCut, labels, author, sourceBranch, targetBranch, state, draft } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['title', title],
    ['author', author],
    ['labels', labels.length === 0 ? 'none' : labels.join(', ')],
    ['branches', `${sourceBranch} into ${targetBranch}`],
    ['state', [state, draft === true ? 'draft' : undefined].filter((word) => word !== undefined).join(', ')],
  ];
  const known = rows.filter(([, value]) => value !== undefined && value !== '');
  return [
    `merge request !${iid}`,
    ...known.map(([name, value = '']) => `${name}: ${onOneLine(value)}`),
    '',
    description?.trim() || '(no description)',
    ...(isCut ? ['(the description goes on, and GitLab gives no more of it to a job)'] : []),
  ].join('\n');
}
