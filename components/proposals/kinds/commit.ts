import type { JsonValue } from '../../kernel/canonical.ts';
import type { ProposedFile } from '../bundle.gen.ts';
import { whyNotFiles } from '../commit-files.ts';
import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';
import { noteBody, textLimits, titleLine } from '../limits.ts';
import { sanitiseBody } from '../text/sanitise-body.ts';
import { sanitiseLine } from '../text/sanitise-line.ts';
import type { SafeLine } from '../text/types.ts';

export const kind = defineKind({
  id: 'commit',
  called: 'a commit with a draft merge request',
  guarantee:
    'one branch and one draft merge request of an agent on a merge request; the same proposal is the same commit, another one takes its place by a push with a lease; a branch with commits of others, and a draft that a person closed, stay as they are',
  tool: ({ commit }) =>
    commit === undefined
      ? undefined
      : {
          name: 'propose_commit',
          description: `Proposes one commit of whole files, once in a session, ${commit.maxFiles} files and ${commit.maxBytes} bytes at most. It becomes a draft merge request that people look at. Only these paths: ${commit.paths.join(' ')}; never files that steer CI, builds or agents, or lock packages.`,
          parameters: parameters(commit.maxFiles),
        },
  read: (_, input) => {
    const reader = createInputReader(input, ['title', 'body', 'files']);
    const title = reader.text('title', textLimits.title);
    const body = reader.text('body', textLimits.body);
    const { files, mistakes } = readFiles(input);
    const all = [...reader.mistakes, ...mistakes];
    return all.length > 0 ? all : { kind: 'commit', title, body, files };
  },
  refuse: ({ commit }, { files }, before) => {
    if (commit === undefined) return 'the manifest on the target branch allows no commits';
    if (before.length > 0) return 'a commit is proposed already, and a session has one';
    return whyNotFiles(commit, files);
  },
  plan: ({ commit }, proposal) => {
    const title = sanitiseLine(proposal.title, titleLine);
    const body = sanitiseBody(proposal.body, noteBody);
    if (title.text.trim() === '' || body.text.trim() === '')
      return { ok: false, reason: 'nothing of its title or text is left after sanitising' };
    return {
      ok: true,
      effect: {
        ...{ kind: 'commit', title: withoutBrackets(title.text), body: body.text, files: proposal.files },
        into: commit?.into ?? 'source',
      },
      neutralised: [...title.changes, ...body.changes].reduce((sum, { count }) => sum + count, 0),
    };
  },
});

const file = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', minLength: 1, maxLength: textLimits.file, description: 'Relative to the root.' },
    content: { type: 'string', description: 'The whole file as it shall be.' },
    delete: { type: 'boolean', description: 'Instead of content: the file goes.' },
  },
} as const;

function parameters(maxFiles: number): JsonValue {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['title', 'body', 'files'],
    properties: {
      title: { type: 'string', minLength: 1, maxLength: textLimits.title },
      body: {
        ...{ type: 'string', minLength: 1, maxLength: textLimits.body },
        description: 'Why, for whoever looks at the merge request, in Markdown.',
      },
      files: { type: 'array', minItems: 1, maxItems: maxFiles, items: file },
    },
  };
}

function readFiles(input: JsonValue): { files: ProposedFile[]; mistakes: string[] } {
  const given = fieldsOf(input).files;
  if (!Array.isArray(given) || given.length === 0)
    return { files: [], mistakes: ['files must be a list of files'] };
  const mistakes: string[] = [];
  const files = given.map((one: JsonValue, index): ProposedFile => {
    const reader = createInputReader(one, ['path', 'content', 'delete']);
    const path = reader.text('path', textLimits.file);
    const { content: text, delete: isDeleted } = fieldsOf(one);
    const content = isDeleted === true ? null : reader.anyText('content', textLimits.content);
    const both = isDeleted === true && text !== undefined ? ['it has content and is deleted'] : [];
    mistakes.push(...[...reader.mistakes, ...both].map((mistake) => `file ${index + 1}: ${mistake}`));
    return { path, content };
  });
  return { files, mistakes };
}

function fieldsOf(value: JsonValue): Readonly<Record<string, JsonValue | undefined>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, JsonValue | undefined>>) : {};
}

/** `[skip ci]` and its like are words to GitLab in whatever stands in brackets. */
function withoutBrackets(title: SafeLine): SafeLine {
  return title.replaceAll('[', '(').replaceAll(']', ')') as SafeLine;
}
