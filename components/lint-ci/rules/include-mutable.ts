import { commitSha } from '../names/gitlab.ts';
import { fieldOf, textOf } from '../read/node.ts';
import { defineRule, type Issue } from '../rule.ts';
import type { Include } from '../types.ts';

/** A commit, or a whole version: tags can be moved, and by custom and the catalog's rules are not. */
const fixed = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$/;

export const rule = defineRule({
  id: 'include-mutable',
  severity: 'warning',
  about:
    'A component or a file of another project is included by something that moves: a branch, `~latest`, a part of a version, or no `ref` at all. Whoever ' +
    'can push there changes the jobs of this project, agents and what they may do included, without a merge request here.',
  bad: `include:
  - project: acme/ci
    file: agents.yml
  - component: $CI_SERVER_FQDN/acme/agents/review@main
`,
  good: `include:
  - project: acme/ci
    ref: 6f1c2a94d0b1e7d35a4e2f0c8b9a7d6e5f4c3b2a
    file: agents.yml
  - component: $CI_SERVER_FQDN/acme/agents/review@1.4.2
`,
  check: ({ includes }) => includes.flatMap((include) => issuesOf(include)),
});

function issuesOf(include: Include): Issue[] {
  const { kind, target, node, named } = include;
  if (kind === 'project') {
    const ref = fieldOf(node, 'ref');
    const text = ref === undefined ? undefined : String(ref.value ?? '');
    if (text === undefined) return [said(include, named, 'the file comes from the default branch', target)];
    return isFixed(text)
      ? []
      : [said(include, ref ?? named, `the file comes from ${text}, which moves`, text)];
  }
  const version = kind === 'component' ? /@([^@]*)$/.exec(textOf(named) ?? '')?.[1] : undefined;
  return version === undefined || isFixed(version)
    ? []
    : [said(include, named, `the component comes from ${version}, which moves`, version)];
}

/** What a variable or an input holds is not known here. */
function isFixed(ref: string): boolean {
  return fixed.test(ref) || commitSha.test(ref) || ref.includes('$');
}

function said({ kind }: Include, node: Issue['node'], message: string, got: string): Issue {
  const expected =
    kind === 'component'
      ? 'a whole version (1.4.2) or the id of a commit'
      : 'ref with the id of a commit or a whole version';
  return {
    node,
    message,
    got,
    expected,
    fix: 'Name a commit or a release, and let a bot that opens merge requests raise it.',
  };
}
