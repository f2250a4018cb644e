import type { ProtectedBranch } from '../gitlab/endpoints/branches.ts';
import type { Member } from '../gitlab/endpoints/members.ts';
import type { Schedule } from '../gitlab/endpoints/schedules.ts';
import type { Trigger } from '../gitlab/endpoints/triggers.ts';
import type { Facts } from './facts.ts';
import { few, ofKnown, ok, unknown, wrong } from './lines.ts';
import { letDevelopers, levels, mayRun, rulesOf } from './protection.ts';
import type { CheckLine } from './types.ts';

/** Who starts pipelines here, by trigger token or schedule, and who could change what these run. */
export function checkStarters({ project, triggers, schedules, members, rules }: Facts): readonly CheckLine[] {
  const branch = project.defaultBranch ?? '';
  return [
    ofKnown('triggers', { triggers, members, rules }, (known) =>
      checkTriggers(known.triggers, known.members, rulesOf(known.rules, branch)),
    ),
    ofKnown('developers', { triggers, schedules, members, rules }, (known) => {
      const owners = [...known.triggers, ...known.schedules].flatMap(({ owner }) => owner?.id ?? []);
      return checkDevelopers(owners, known.members, rulesOf(known.rules, branch));
    }),
    ofKnown('schedule', { schedules, members, rules }, (known) =>
      checkSchedules(known.schedules, known.members, rulesOf(known.rules, branch), branch),
    ),
  ];
}

function checkTriggers(
  triggers: readonly Trigger[],
  members: readonly Member[],
  rules: readonly ProtectedBranch[],
): CheckLine {
  const check = 'triggers';
  const expected = 'one or more, each of an active developer here who may run the default branch';
  const fix =
    "A pipeline has the rights of its trigger's owner, and the authors of merge requests can read the token: let it belong to an account that is a developer here and nothing elsewhere, with developers allowed to merge (not to push) on the default branch.";
  if (triggers.length === 0) return wrong(check, { expected, got: 'none', fix });
  const judged = triggers.map((trigger) => judgeTrigger(trigger, members, rules));
  const mistakes = judged.flatMap(({ mistake }) => mistake ?? []);
  if (mistakes.length > 0) return wrong(check, { expected, got: few(mistakes), fix });
  if (judged.some(({ runs }) => runs === 'unknown'))
    return unknown(
      check,
      'the protection of the default branch names a group, whose members are not asked for',
      'See that the owner of the trigger token is in it, or name the role.',
    );
  return ok(check, `of ${few([...new Set(triggers.map(({ owner }) => owner?.username ?? ''))])}`);
}

function judgeTrigger(
  { id, owner }: Trigger,
  members: readonly Member[],
  rules: readonly ProtectedBranch[],
): { readonly mistake?: string; readonly runs?: ReturnType<typeof mayRun> } {
  if (owner === undefined) return { mistake: `trigger ${id} has no owner` };
  const member = members.find((one) => one.id === owner.id);
  const mistake = (what: string) => ({ mistake: `trigger ${id}: ${owner.username} ${what}` });
  if (member === undefined) return mistake('is no member, so it starts nothing');
  if (member.state !== 'active') return mistake(`is ${member.state}, so it starts nothing`);
  if (member.accessLevel >= levels.maintainer)
    return mistake('is a maintainer or more, which a stolen token would be too');
  const runs = mayRun(rules, member);
  return runs === 'no' ? mistake('may not run the default branch') : { runs };
}

/**
 * Where developers may merge, so that an account that starts pipelines may run the branch, each of them could change what
 * runs: that must be those accounts alone.
 */
function checkDevelopers(
  starters: readonly number[],
  members: readonly Member[],
  rules: readonly ProtectedBranch[],
): CheckLine {
  const check = 'developers';
  const isOpen = rules.length === 0 || letDevelopers(rules, 'push') || letDevelopers(rules, 'merge');
  if (!isOpen) return ok(check, 'none of them may change the default branch');
  const others = members.filter(
    ({ id, accessLevel }) =>
      accessLevel >= levels.developer && accessLevel < levels.maintainer && !starters.includes(id),
  );
  if (others.length === 0) return ok(check, 'none but the owners of triggers and schedules');
  return wrong(check, {
    expected: 'none but the owners of triggers and schedules, since developers may change the default branch',
    got: few(others.map(({ username }) => username)),
    fix: 'Take the role from them, also where a group gives it: move the project to a group whose members are not authors of merge requests.',
  });
}

function checkSchedules(
  schedules: readonly Schedule[],
  members: readonly Member[],
  rules: readonly ProtectedBranch[],
  branch: string,
): CheckLine {
  const check = 'schedule';
  const ours = schedules.filter(({ ref }) => ref === branch || ref === `refs/heads/${branch}`);
  const active = ours.filter((schedule) => schedule.active);
  const run = active.map(({ owner }) => {
    const member = members.find(({ id, state }) => id === owner.id && state === 'active');
    return member === undefined ? 'no' : mayRun(rules, member);
  });
  const working = active.find((_, index) => run[index] !== 'no');
  if (working !== undefined) return ok(check, `${working.cron} by ${working.owner.username}`);
  const got =
    active.length > 0
      ? `one of ${few(active.map(({ owner }) => owner.username))}, who may not run the default branch`
      : ours.length > 0
        ? 'one that is not active'
        : 'none';
  return wrong(check, {
    expected: 'an active one on the default branch, of somebody who may run it',
    got,
    fix: 'Build > Pipeline schedules: one for the default branch, every hour or so; it finds what no hand-off came for, such as merge requests of forks.',
  });
}
