import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validate as validateReport } from '#validators/validate-report';
import { checkSchema } from '../../../components/kernel/schema.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const cases = join(import.meta.dirname, 'cases');

// A case is a folder of files, perhaps args.json, and expected.txt: what a person sees. `npx vitest -u` rewrites it.
describe('cases', () => {
  test.each(readdirSync(cases))('%s', async (name) => {
    const folder = workspace();
    cpSync(join(cases, name), folder, { recursive: true });
    const argsFile = join(cases, name, 'args.json');
    const args: string[] = existsSync(argsFile) ? JSON.parse(readFileSync(argsFile, 'utf8')) : [];
    const run = await pipewright(['validate', ...args], { cwd: folder });
    const seen = `exit code ${run.exitCode}\n--- stdout\n${run.stdout}--- stderr\n${run.stderr}`;
    await expect(seen).toMatchFileSnapshot(join(cases, name, 'expected.txt'));
    const report = join(folder, '.pipewright/validate/pipewright/report.json');
    expect(existsSync(report)).toBe(run.exitCode !== 2);
    if (existsSync(report))
      expect(checkSchema(validateReport, JSON.parse(readFileSync(report, 'utf8')))).toEqual([]);
  });
});
