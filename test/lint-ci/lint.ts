import type { Finding } from '../../components/kernel/finding.ts';
import { lintFile } from '../../components/lint-ci/check.ts';
import { rules } from '../../components/lint-ci/rules.gen.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

/** What is said of a configuration, which lies in a checkout with other files. */
export async function lint(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  const cwd = workspace({ '.gitlab-ci.yml': text, ...others });
  const files = await lintFile(testContext(cwd), '.gitlab-ci.yml', rules);
  return files.flatMap(({ findings }) => findings);
}

/** As people read it: `3:5 error LINT_DEBUG_TRACE`. */
export function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
}
