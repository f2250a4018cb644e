import type { Member } from '../../../gitlab/endpoints/members.ts';
import type { Schedule } from '../../../gitlab/endpoints/schedules.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { levels, mayRun, rulesOf } from '../../protection.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import type { DoctorFacts } from '../facts.ts';

const name = 'schedules';

export const check = defineCheck({
  id: 'schedules',
  topic: 'access',
  about:
    'Each active schedule has an owner who is an active member and may run its branch: GitLab starts nothing for others. Those that sleep are told.',
  run: ({ schedules, members, rules }) => [
    ofKnown(name, { schedules, members, rules }, (known) =>
      judge(known.schedules, known.members, known.rules),
    ),
  ],
});

type Rules = Extract<DoctorFacts['rules'], { known: true }>['value'];

function judge(schedules: readonly Schedule[], members: readonly Member[], rules: Rules): CheckLine {
  const active = schedules.filter((schedule) => schedule.active);
  const mistakes = active.flatMap((schedule) => mistakeOf(schedule, members, rules) ?? []);
  if (mistakes.length > 0)
    return wrong(name, {
      expected: 'owners who are active and may run the branch',
      got: few(mistakes),
      fix: 'Build > Pipeline schedules: "Take ownership"; or POST /projects/:id/pipeline_schedules/:pipeline_schedule_id/take_ownership.',
    });
  const asleep = schedules.filter((schedule) => !schedule.active);
  if (asleep.length > 0)
    return note(name, `not active: ${few(asleep.map(({ description }) => description))}`);
  return ok(
    name,
    active.length === 0 ? 'none' : few(active.map(({ cron, owner }) => `${cron} by ${owner.username}`)),
  );
}

function mistakeOf(
  { description, owner, ref }: Schedule,
  members: readonly Member[],
  rules: Rules,
): string | undefined {
  const member = members.find(({ id }) => id === owner.id);
  const mistake = (what: string) => `${description}: ${owner.username} ${what}`;
  if (member === undefined) return mistake('is no member');
  if (member.state !== 'active') return mistake(`is ${member.state}`);
  if (member.accessLevel < levels.developer) return mistake('is no developer');
  const branch = ref.replace(/^refs\/heads\//, '');
  return mayRun(rulesOf(rules, branch), member) === 'no' ? mistake(`may not run ${branch}`) : undefined;
}
