import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pipewright } from '../support/cli.ts';
import { commitAll, workspace } from '../support/workspace.ts';

const begin = '<!-- note: written by `npx vitest run test/templates/validate-note.test.ts -u` -->';
const end = '<!-- /note -->';

test('the note that the README shows is what a merge request gets', async () => {
  const cwd = workspace();
  cpSync('test/consumer/shop/project', cwd, { recursive: true });
  const base = commitAll(cwd);
  cpSync('test/consumer/shop/mistake', cwd, { recursive: true });
  cpSync('test/scripts/validate/cases/rules/experts.ossa.yaml', join(cwd, 'agents/router.ossa.yaml'));
  commitAll(cwd);
  const project = 'https://gitlab.example.com/acme/shop';
  const env = {
    GITLAB_CI: 'true',
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    CI_PROJECT_URL: project,
    CI_COMMIT_SHA: '3f786850e387550fdab836ed7e6dc881de23001b',
    CI_JOB_URL: `${project}/-/jobs/7`,
  };
  await pipewright(['validate', '--mode=warn'], { cwd, env });
  const note = readFileSync(join(cwd, '.pipewright/validate/pipewright/note.md'), 'utf8');
  expect(note.split('\n').length, 'fits on a screen').toBeLessThan(25);
  const readme = readFileSync('templates/validate/README.md', 'utf8');
  const [before = '', rest = ''] = readme.split(begin);
  const [, after] = rest.split(end);
  expect(after, 'the README has both markers').toBeDefined();
  const quoted = note
    .trimEnd()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd());
  const expected = `${before}${begin}\n\n${quoted.join('\n')}\n\n${end}${after}`;
  await expect(expected).toMatchFileSnapshot('../../templates/validate/README.md');
});
