import { withoutControls } from '../../kernel/log.ts';
import type { Project } from '../world/project.ts';
import type { Issue } from '../world/review.ts';

/** The open issues of a project as they stand, with their labels and descriptions. */
export function renderIssues({ path, issues }: Project): string {
  const open = [...issues.values()].filter(({ state }) => state === 'opened');
  if (open.length === 0) return `${path} has no open issues`;
  return open.map((issue) => renderIssue(path, issue)).join('\n');
}

function renderIssue(path: string, { iid, title, labels, description }: Issue): string {
  const head = [`${path}#${iid}`, title, ...(labels.length > 0 ? [`(${labels.join(', ')})`] : [])].join(' ');
  const lines = description === '' ? [] : withoutControls(description).split('\n');
  return [withoutControls(head), ...lines.map((line) => `    ${line}`.trimEnd())].join('\n');
}
