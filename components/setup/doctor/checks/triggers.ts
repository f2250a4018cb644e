import type { Member } from '../../../gitlab/endpoints/members.ts';
import type { Trigger } from '../../../gitlab/endpoints/triggers.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { levels } from '../../protection.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';

const name = 'trigger tokens of the project';

export const check = defineCheck({
  id: 'triggers',
  topic: 'access',
  about:
    'Each trigger token of the project has an owner who is an active developer, and is not over. One with the rights of a maintainer is told: whoever has it runs protected branches.',
  run: ({ triggers, members, now }) => [
    ofKnown(name, { triggers, members }, (known) => judge(known.triggers, known.members, now)),
  ],
});

function judge(triggers: readonly Trigger[], members: readonly Member[], now: number): CheckLine {
  const mistakes = triggers.flatMap((trigger) => mistakeOf(trigger, members, now) ?? []);
  if (mistakes.length > 0)
    return wrong(name, {
      expected: 'each of an active developer, and none that is over',
      got: few(mistakes),
      fix: 'Settings > CI/CD > Pipeline trigger tokens: revoke it and let somebody active make another; or DELETE /projects/:id/triggers/:trigger_id.',
    });
  const strong = triggers.filter(({ owner }) =>
    members.some(({ id, accessLevel }) => id === owner?.id && accessLevel >= levels.maintainer),
  );
  if (strong.length > 0)
    return note(
      name,
      `${few(strong.map(({ id, owner }) => `${id} of ${owner?.username}`))} has the rights of a maintainer`,
    );
  return ok(
    name,
    triggers.length === 0 ? 'none' : few(triggers.map(({ id, owner }) => `${id} of ${owner?.username}`)),
  );
}

function mistakeOf(
  { id, owner, expiresAt }: Trigger,
  members: readonly Member[],
  now: number,
): string | undefined {
  if (owner === undefined) return `trigger ${id} has no owner`;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
    return `trigger ${id} ended ${expiresAt.slice(0, 10)}`;
  const member = members.find((one) => one.id === owner.id);
  if (member === undefined) return `trigger ${id}: ${owner.username} is no member`;
  if (member.state !== 'active') return `trigger ${id}: ${owner.username} is ${member.state}`;
  return member.accessLevel < levels.developer
    ? `trigger ${id}: ${owner.username} is no developer`
    : undefined;
}
