import type { User } from '../gitlab/endpoints/user.ts';
import { checkFork, checkForkAccount, checkForkOf, checkPusher } from './check-forks.ts';
import { checkVariable, variableNames } from './check-variables.ts';
import { branchRules, type CommitFacts, type CommitPlace } from './commit-facts.ts';
import type { Facts } from './facts.ts';
import { few, ofKnown, ok, unknown, wrong } from './lines.ts';
import { letDevelopers } from './protection.ts';
import type { CheckLine } from './types.ts';

/**
 * How commits of agents happen, and whether what they need is there: for a click branches that see no protected variable, for
 * forks an account and projects that nothing else depends on.
 */
export function checkCommits(
  { members, variables }: Pick<Facts, 'members' | 'variables'>,
  { ways, account, served, isAll, forks }: CommitFacts,
  acting: User | undefined,
): readonly CheckLine[] {
  const { modes } = ways;
  const token = variableNames.fork;
  const ofForks = () => [
    ofKnown(token, { variables }, (known) => checkVariable(token, token, known.variables, 'protected')),
    checkForkAccount(account, { acting, members }),
    ...served.flatMap((place) => [checkForkOf(place, forks), checkPusher(place, account)].flat()),
    ...forks.flatMap((fork) => checkFork(fork, { served, isAll, account })),
  ];
  return [
    ...(modes.length > 0 ? [checkWays(modes)] : []),
    ...(modes.includes('click') ? served.map(checkBranches) : []),
    ...(modes.includes('fork') ? ofForks() : []),
  ];
}

const ways: Readonly<Record<string, string>> = {
  click: 'a person starts pipewright-commit-apply',
  fork: 'they are pushed to forks',
};

function checkWays(modes: readonly string[]): CheckLine {
  const check = 'commits';
  const odd = modes.filter((mode) => !(mode in ways));
  if (odd.length === 0) return ok(check, modes.map((mode) => `${mode}: ${ways[mode]}`).join('; '));
  const fix = 'Write none, click or fork to the input `commits` of the component apply.';
  return unknown(check, `.gitlab-ci.yml says ${few(odd)}`, fix);
}

/** The account that acts pushes there as a developer, and pipelines of a protected branch see protected variables. */
function checkBranches({ path, rules }: CommitPlace): CheckLine {
  const check = `${path}: branches of commits`;
  return ofKnown(check, { rules }, (known) => {
    const found = branchRules(known.rules);
    if (found.length === 0) return ok(check, 'pipewright/* is not protected');
    const why = letDevelopers(found, 'push')
      ? 'Pipelines of a protected branch see protected variables, whatever an agent has committed.'
      : 'The account that acts is a developer, and cannot push to it.';
    return wrong(check, {
      expected: 'no protected branch that pipewright/<agent>/<number> is one of',
      got: few(found.map(({ name }) => name)),
      fix: `Settings > Repository > Protected branches of ${path}: name the branches that need it, without this one. ${why}`,
    });
  });
}
