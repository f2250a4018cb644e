import type { Project } from '../gitlab/endpoints/projects.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failures } from '../kernel/failure.ts';
import { parsePlaybook } from '../models/playbook/parse.ts';
import { type Configuration, playbooksOf } from './configuration.ts';
import { type Hiding, readText } from './facts.ts';
import { ofKnown, ok, wrong } from './lines.ts';
import type { CheckLine } from './types.ts';

/** The tables that answer in place of a model. Sessions read them from their job's own checkout: they are files of this project. */
export async function checkPlaybooks(
  gitlab: GitLab,
  project: Project,
  configuration: Configuration | undefined,
  hides: Hiding,
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const file of configuration === undefined ? [] : playbooksOf(configuration)) {
    const text = await readText(gitlab, { project, file }, hides);
    const got = text.known && text.value !== undefined ? await mistakeIn(file, text.value) : 'none';
    lines.push(ofKnown('playbook', { text }, () => judge(file, got)));
  }
  return lines;
}

/** The first mistake of a table, with its place; undefined: there is none. */
async function mistakeIn(file: string, text: string): Promise<string | undefined> {
  try {
    await parsePlaybook(file, text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failures)) throw error;
    return error.failures[0].message;
  }
}

function judge(file: string, got: string | undefined): CheckLine {
  const check = 'playbook';
  if (got === undefined) return ok(check, file);
  return wrong(check, {
    expected: `a table of known causes at ${file} on the default branch`,
    got,
    fix: 'Commit one there; `pipewright init trusted-project --agent=agents/ci-doctor/agent.ossa.yaml --playbook=agents/ci-doctor/playbook.yaml` writes that of ci-doctor.',
  });
}
