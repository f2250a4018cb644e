import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';
import { noteBody, textLimits, titleLine } from '../limits.ts';
import { sanitiseBody } from '../text/sanitise-body.ts';
import { sanitiseLine } from '../text/sanitise-line.ts';

export const kind = defineKind({
  id: 'issue',
  called: 'an issue',
  guarantee:
    'the first, second, … issue of an agent on a merge request is one issue, found by marker and author and changed in place; one that a person closed stays as it is',
  tool: ({ issue }) =>
    issue === undefined
      ? undefined
      : {
          name: 'propose_issue',
          description: `Proposes an issue in the project of the merge request, ${issue.max} at most. The first one proposed in a later run replaces the first of this one, and so on.`,
          parameters: {
            type: 'object',
            additionalProperties: false,
            required: ['title', 'body'],
            properties: {
              title: { type: 'string', minLength: 1, maxLength: textLimits.title },
              body: { type: 'string', minLength: 1, maxLength: textLimits.body },
              ...(issue.labels.length === 0
                ? {}
                : { labels: { type: 'array', items: { type: 'string', enum: [...issue.labels] } } }),
            },
          },
        },
  read: ({ issue }, input) => {
    const reader = createInputReader(input, ['title', 'body', 'labels']);
    const title = reader.text('title', textLimits.title);
    const body = reader.text('body', textLimits.body);
    const labels = reader.choices('labels', issue?.labels ?? []);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'issue', title, body, labels };
  },
  refuse: ({ issue }, { labels }, before) => {
    if (issue === undefined) return 'the manifest on the target branch allows no issues';
    if (labels.some((index) => issue.labels[index] === undefined))
      return 'one of its labels is none of the manifest on the target branch';
    return before.length >= issue.max ? `${issue.max} issues are proposed already` : undefined;
  },
  plan: ({ issue }, proposal, before) => {
    const title = sanitiseLine(proposal.title, titleLine);
    const body = sanitiseBody(proposal.body, noteBody);
    if (title.text.trim() === '' || body.text.trim() === '')
      return { ok: false, reason: 'nothing of its title or text is left after sanitising' };
    const labels = proposal.labels.flatMap((index) => issue?.labels[index] ?? []);
    return {
      ok: true,
      effect: { kind: 'issue', key: String(before.length + 1), title: title.text, body: body.text, labels },
      neutralised: [...title.changes, ...body.changes].reduce((sum, { count }) => sum + count, 0),
    };
  },
});
