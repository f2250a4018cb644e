import { floor } from '../gitlab/endpoints/facts.ts';
import type { Project } from '../gitlab/endpoints/projects.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import type { GitLab } from '../gitlab/types.ts';
import { checkBranches } from './check-branches.ts';
import { checkCatalog, startersOf } from './check-catalog.ts';
import { checkCommits } from './check-commits.ts';
import { checkConfiguration, configurationOf } from './check-configuration.ts';
import { checkHandOff, type HandOff } from './check-hand-off.ts';
import { checkLevels } from './check-levels.ts';
import { checkPlaybooks } from './check-playbook.ts';
import { checkServed } from './check-served.ts';
import { checkStarters } from './check-starters.ts';
import { checkOwnVariables, checkPipelineVariables, checkSessionKey } from './check-variables.ts';
import { readCommitFacts } from './commit-facts.ts';
import { commitWays, sweptProjects } from './configuration.ts';
import {
  type Facts,
  type Hiding,
  readAccount,
  readCatalog,
  readFacts,
  readProject,
  readServed,
  refusals,
  type ServedFacts,
} from './facts.ts';
import { few, ofKnown, ok, unknown, wrong } from './lines.ts';
import type { CheckLine, Known } from './types.ts';

export interface CheckRequest {
  /** Full path or number of the trusted project. */
  readonly project: string;
  /** Served projects; none: those of its sweep. */
  readonly serves: readonly string[];
  /** Name of the service account that acts. */
  readonly account: string | undefined;
  /** Name of the account of the forks, where commits go to forks. */
  readonly forkAccount: string | undefined;
  /** How the gate of the one that is served hands off; undefined where nobody has looked. */
  readonly handOffs?: Known<readonly HandOff[]>;
}

/**
 * Asks GitLab how a trusted project and the projects it serves are set up: every mistake in one go. Only reads, and no value
 * of a variable. @throws failures of GitLab that leave nothing to say, such as a token it does not know
 */
export async function checkTrustedProject(
  gitlab: GitLab,
  { project: path, serves, account: username, forkAccount, handOffs }: CheckRequest,
  hides: Hiding = refusals,
): Promise<readonly CheckLine[]> {
  const project = await readProject(gitlab, path, hides);
  if (!project.known) {
    const fix = 'Check --project, and use a token of a maintainer of it, with the scope read_api.';
    return [unknown('project', project.reason, fix)];
  }
  const facts = await readFacts(gitlab, project.value, hides);
  const account = username === undefined ? undefined : await readAccount(gitlab, username);
  const configuration = configurationOf(facts);
  const swept = configuration === undefined ? undefined : sweptProjects(configuration);
  const asked = serves.length > 0 ? serves : (swept ?? []);
  const catalogs: CheckLine[] = [];
  for (const one of configuration?.catalogs ?? [])
    catalogs.push(checkCatalog(await readCatalog(gitlab, one, startersOf(facts), hides)));
  const served: ServedFacts[] = [];
  for (const one of asked) served.push(await readServed(gitlab, one, account, hides));
  const ways = configuration === undefined ? { modes: [], forks: [] } : commitWays(configuration);
  const isAll = swept?.every((one) => asked.includes(one)) ?? false;
  const commits = await readCommitFacts(gitlab, ways, { served, isAll, username: forkAccount }, hides);
  return [
    ok('project', project.value.pathWithNamespace),
    checkVersion(facts),
    ...checkBranches(facts),
    checkPipelineVariables(facts),
    ...checkOwnVariables(facts),
    ...checkSessionKey(facts, configuration),
    ...checkStarters(facts),
    checkConfiguration(facts),
    ...catalogs,
    ...(await checkPlaybooks(gitlab, project.value, configuration, hides)),
    ...(await checkLevels(gitlab, configuration, hides)),
    checkAccount(username, account),
    checkSweep(asked, swept, project.value),
    ...served.flatMap((one) => checkServed(one, account)),
    ...checkHandOff(handOffs, configuration),
    ...checkCommits(facts, commits, account),
  ];
}

export function checkVersion({ version }: Pick<Facts, 'version'>): CheckLine {
  const check = 'GitLab';
  const fix = 'Update GitLab.';
  return ofKnown(check, { version }, (known) => {
    const [major = Number.NaN, minor = Number.NaN] = known.version.split('.', 2).map(Number);
    const [least = 0, below = 0] = floor.split('.').map(Number);
    if (Number.isNaN(major + minor))
      return unknown(check, `its version is "${known.version}"`, `It must be ${floor} or newer.`);
    if (major > least || (major === least && minor >= below)) return ok(check, known.version);
    return wrong(check, { expected: `${floor} or newer`, got: known.version, fix });
  });
}

function checkAccount(username: string | undefined, account: User | undefined): CheckLine {
  const check = 'service account';
  const fix = 'Give --account, the name of the account whose token PIPEWRIGHT_GITLAB_TOKEN is.';
  if (username === undefined) return unknown(check, 'its token is not read, so it must be named', fix);
  if (account !== undefined) return ok(check, account.username);
  return wrong(check, { expected: 'the name of a user', got: `nobody is called ${username}`, fix });
}

/** Of those that were named each must be swept, or its forks are served by nobody. */
function checkSweep(
  asked: readonly string[],
  swept: readonly string[] | undefined,
  { pathWithNamespace }: Project,
): CheckLine {
  const check = 'served projects';
  const fix = `Write them to the input \`sweep\` of the component apply in ${pathWithNamespace}.`;
  if (swept === undefined) return unknown(check, '.gitlab-ci.yml does not name them by full paths', fix);
  const missing = asked.filter((path) => !swept.includes(path));
  if (asked.length > 0 && missing.length === 0) return ok(check, few(asked));
  const got = asked.length === 0 ? 'none' : `not: ${few(missing)}`;
  return wrong(check, { expected: 'all of them in the sweep', got, fix });
}
