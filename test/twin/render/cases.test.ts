import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { render } from '../../../components/twin/render/render.ts';
import type { RenderProblem } from '../../../components/twin/render/types.ts';
import { casesFolder, readCase, requestOf } from './case-files.ts';

// `vitest run test/twin/render -u` writes what is expected anew; read the difference before it is committed.
describe('each case directory renders as GitLab would', () => {
  test.each(readdirSync(casesFolder))('%s', async (name) => {
    const facts = await readCase(name);
    const rendered = await render(requestOf(name, facts));
    const expected = (file: string) => path.join(casesFolder, name, file);
    if (rendered.ok) {
      const warnings = rendered.warnings.map(lineOf).map((line) => `# ${line}\n`);
      await expect(warnings.join('') + rendered.yaml, facts.about).toMatchFileSnapshot(
        expected('expected.yml'),
      );
    } else {
      const lines = `${rendered.problems.map(lineOf).join('\n')}\n`;
      await expect(lines, facts.about).toMatchFileSnapshot(expected('expected-errors.txt'));
    }
  });
});

function lineOf(problem: RenderProblem): string {
  const project = problem.project === 'acme/app' ? '' : `${problem.project}/-/`;
  const place = problem.line === undefined ? '' : `:${problem.line}:${problem.column}`;
  const hint = problem.suggestion === undefined ? '' : ` (did you mean "${problem.suggestion}"?)`;
  return `${project}${problem.file}${place} ${problem.severity} ${problem.code} ${problem.message}${hint}`;
}
