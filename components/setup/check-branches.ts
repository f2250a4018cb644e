import type { ProtectedBranch } from '../gitlab/endpoints/branches.ts';
import type { Facts } from './facts.ts';
import { few, ofKnown, ok, wrong } from './lines.ts';
import { letDevelopers, rulesOf } from './protection.ts';
import type { CheckLine } from './types.ts';

const setting = 'Settings > Repository > Protected branches';

/** The default branch decides: only maintainers change it, and only its pipelines have the tokens. */
export function checkBranches({ project, rules, branches }: Facts): readonly CheckLine[] {
  const { defaultBranch } = project;
  const isDefault = ({ name }: { readonly name: string }) => name === defaultBranch;
  return [
    checkDefaultBranch({ project, rules }),
    ofKnown('other branches', { rules, branches }, (known) => {
      const unprotected = known.branches.filter((branch) => !branch.protected && !isDefault(branch));
      return checkOthers(
        unprotected.map(({ name }) => name),
        known.rules.filter((rule) => !isDefault(rule)),
      );
    }),
  ];
}

export function checkDefaultBranch({ project, rules }: Pick<Facts, 'project' | 'rules'>): CheckLine {
  return ofKnown('default branch', { rules }, (known) => checkDefault(project.defaultBranch, known.rules));
}

function checkDefault(branch: string | undefined, all: readonly ProtectedBranch[]): CheckLine {
  const check = 'default branch';
  const expected = 'a protected branch that developers may not push to';
  if (branch === undefined)
    return wrong(check, { expected, got: 'an empty repository', fix: 'Commit the files and push them.' });
  const rules = rulesOf(all, branch);
  const mistakes = [
    ...(rules.length === 0 ? ['it is not protected'] : []),
    ...(letDevelopers(rules, 'push') ? ['developers may push'] : []),
    ...(rules.some(({ allowForcePush }) => allowForcePush) ? ['force pushes are allowed'] : []),
  ];
  if (mistakes.length === 0) return ok(check, `${branch} is protected, and developers may not push to it`);
  const fix = `${setting}: protect ${branch}; allowed to push: maintainers; to merge: developers and maintainers; no force push. Of several rules the most permissive counts.`;
  return wrong(check, { expected, got: `${branch}: ${mistakes.join(', ')}`, fix });
}

function checkOthers(unprotected: readonly string[], rules: readonly ProtectedBranch[]): CheckLine {
  const [check, expected] = ['other branches', 'none that a developer may change or run'];
  const open = rules.filter((rule) => letDevelopers([rule], 'push') || letDevelopers([rule], 'merge'));
  const mistakes = [
    ...(unprotected.length === 0 ? [] : [`not protected: ${few(unprotected)}`]),
    ...(open.length === 0 ? [] : [`open to developers: ${few(open.map(({ name }) => name))}`]),
  ];
  if (mistakes.length === 0) return ok(check, expected);
  const fix = `Delete them, or ${setting}: protect * with maintainers allowed to push and to merge. Whoever may write a branch may run it, and so may a stolen trigger token of theirs.`;
  return wrong(check, { expected, got: mistakes.join('; '), fix });
}
