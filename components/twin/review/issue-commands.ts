import type { Command } from './quick-action-commands.ts';
import { isIssue, maySetMetadata } from './rights.ts';

/** Quick actions of issues alone. */
export const issueCommands: readonly Command[] = [
  {
    names: ['due', 'due_date'],
    kind: 'issue',
    can: ({ user, project }) => maySetMetadata(user, project, 'issue'),
    run: ({ world }, arg, changes) => {
      const date = parseDate(arg, world.clock.now());
      if (date === undefined) return 'Failed to set due date because the date format is invalid.';
      changes.dueDate = date;
      return `Set the due date to ${date}.`;
    },
  },
  {
    names: ['remove_due_date'],
    kind: 'issue',
    can: ({ target, user, project }) =>
      target !== undefined &&
      isIssue(target) &&
      target.dueDate !== undefined &&
      maySetMetadata(user, project, 'issue'),
    run: (_, __, changes) => {
      changes.dueDate = null;
      return 'Removed the due date.';
    },
  },
  {
    names: ['confidential'],
    kind: 'issue',
    can: ({ target, user, project }) =>
      maySetMetadata(user, project, 'issue') &&
      (target === undefined || (isIssue(target) && !target.confidential)),
    run: (_, __, changes) => {
      changes.confidential = true;
      return 'Made this issue confidential.';
    },
  },
];

/** `2026-12-24`, `today`, `tomorrow`, `in 3 days`, `in 2 weeks`. */
function parseDate(text: string, now: number): string | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return Number.isNaN(Date.parse(trimmed)) ? undefined : trimmed;
  const [, count, unit] = /^in (\d{1,4}) (day|week)s?$/.exec(trimmed) ?? [];
  const counted = count === undefined ? undefined : Number(count) * (unit === 'week' ? 7 : 1);
  const days = trimmed === 'today' ? 0 : trimmed === 'tomorrow' ? 1 : counted;
  return days === undefined ? undefined : new Date(now + days * 86_400_000).toISOString().slice(0, 10);
}
