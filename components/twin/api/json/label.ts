import type { Label, Project } from '../../world/project.ts';
import type { Issuable } from '../../world/review.ts';

type Json = Readonly<Record<string, unknown>>;

/** As it stands beside what carries it. */
export function labelJson({ id, name, color, description }: Label): Json {
  return {
    ...{ id, name, description: description === '' ? null : description, color },
    ...{ description_html: description, text_color: textColor(color), archived: false },
  };
}

/** Source: docs.gitlab.com/api/labels */
export function projectLabelJson(project: Project, label: Label, withCounts: boolean): Json {
  const carriers = (items: Iterable<Issuable>) =>
    [...items].filter(({ labels }) => labels.includes(label.name)).map(({ state }) => state);
  const issues = withCounts ? carriers(project.issues.values()) : [];
  const mergeRequests = withCounts ? carriers(project.mergeRequests.values()) : [];
  const count = (states: readonly string[], wanted: string) =>
    states.filter((state) => state === wanted).length;
  return {
    ...labelJson(label),
    ...(withCounts && {
      open_issues_count: count(issues, 'opened'),
      closed_issues_count: count(issues, 'closed'),
      open_merge_requests_count: count(mergeRequests, 'opened'),
    }),
    ...{ subscribed: false, priority: label.priority, is_project_label: true },
  };
}

/** Dark on light colors, light on dark ones. */
function textColor(color: string): string {
  const [, red = '0', green = '0', blue = '0'] = /^#(..)(..)(..)$/.exec(color) ?? [];
  const sum = [red, green, blue].reduce((total, part) => total + Number.parseInt(part, 16), 0);
  return sum > 500 ? '#1F1E24' : '#FFFFFF';
}
