import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Asked, planProject } from '../../components/setup/inputs.ts';
import { renderFiles } from '../../components/setup/texts.ts';
import type { Project } from '../../components/twin/world/project.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { startTestTwin, type TestTwin, type TestTwinOptions } from '../twin/harness.ts';

export const image = 'registry.example.com/pipewright:1';
export const trusted = 'acme/agents';
export const served = 'acme/shop';

/** The files as `init` writes them, with the components of a branch. */
export function trustedFiles(change: Partial<Asked> = {}): Record<string, string> {
  const asked = { catalog: 'pipewright/pipewright', version: 'main', image, serves: [served] };
  const files = renderFiles(planProject({ ...asked, agent: undefined, cassette: undefined, ...change }));
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

/** The templates as they stand, as the files of a project. */
export function templates(): Record<string, string> {
  const names = ['validate', 'run', 'gate', 'apply'].map((id) => `templates/${id}/template.yml`);
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, 'utf8')]));
}

export interface TrustedSetup {
  readonly twin: TestTwin;
  readonly trusted: Project;
  readonly shop: Project;
}

/** A trusted project and one that it serves, set up as the page says. */
export async function startTrusted(
  options: TestTwinOptions = {},
  files = trustedFiles(),
): Promise<TrustedSetup> {
  const twin = await startTestTwin({
    ...options,
    setUp: {
      users: {
        ...{ mia: { scopes: ['read_api'] }, alice: {}, nobody: {} },
        bot: { kind: 'service_account' },
        starter: { kind: 'service_account' },
        forker: { kind: 'service_account' },
      },
    },
  });
  await twin.addProject('pipewright/pipewright', templates(), { visibility: 'public' });
  const own = await twin.addProject(trusted, files, {
    members: { mia: 'maintainer', starter: 'developer' },
    protected_branches: { main: { push: 'maintainer', merge: 'developer' }, '*': {} },
    settings: { ci_pipeline_variables_minimum_override_role: 'no_one_allowed' },
    variables: {
      PIPEWRIGHT_GITLAB_TOKEN: { token_of: 'bot', protected: true, masked: true },
      PIPEWRIGHT_SIGNING_KEY: {
        ...{ value: Buffer.alloc(32, 7).toString('base64'), protected: true, masked: true },
      },
    },
    schedules: { sweep: { cron: '23 * * * *', owner: 'starter' } },
  });
  const shop = await twin.addProject(
    served,
    { 'src/price.js': 'export const vat = 0.19;\n' },
    {
      members: { mia: 'maintainer', alice: 'developer', bot: 'developer' },
      variables: { PIPEWRIGHT_TRIGGER_TOKEN: { trigger_of: trusted, owner: 'starter', masked: true } },
    },
  );
  return { twin, trusted: own, shop };
}

interface CheckOptions {
  readonly as?: string;
  readonly args?: readonly string[];
  readonly project?: string;
}

/** Runs `init trusted-project --check` as a maintainer of both projects. */
export function check(
  twin: TestTwin,
  { as = 'mia', args = ['--account=bot'], project = trusted }: CheckOptions = {},
): Promise<CliRun> {
  return pipewright(
    ['init', 'trusted-project', '--check', `--server=${twin.url}`, `--project=${project}`, ...args],
    { cwd: workspace(), env: { PIPEWRIGHT_SETUP_TOKEN: twin.tokenOf(as) } },
  );
}

/** Names of the checks by what is said of them, without those that are right. */
export function notRight({ stdout }: CliRun): readonly string[] {
  return stdout.split('\n').filter((line) => /^(WRONG|unknown|note) /.test(line));
}

export function readAt(cwd: string, path: string): string {
  return readFileSync(join(cwd, path), 'utf8');
}
