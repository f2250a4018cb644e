import type { User } from '../../world/people.ts';
import type { Project } from '../../world/project.ts';
import type { Issue } from '../../world/review.ts';
import type { World } from '../../world/world.ts';
import { issuableJson, issuableUrl } from './issuable.ts';

/** Source: docs.gitlab.com/api/issues */
export function issueJson(
  world: World,
  project: Project,
  issue: Issue,
  viewer: User | undefined,
  withLabelDetails = false,
): Readonly<Record<string, unknown>> {
  const api = `${world.url}/api/v4/projects/${project.id}`;
  const self = `${api}/issues/${issue.iid}`;
  const common = issuableJson(world, project, issue, viewer, withLabelDetails);
  return {
    ...common,
    ...{ type: 'ISSUE', issue_type: 'issue', severity: 'UNKNOWN', confidential: issue.confidential },
    ...{
      due_date: issue.dueDate ?? null,
      start_date: null,
      merge_requests_count: 0,
      has_tasks: /\[[ xX]\]/.test(issue.description),
    },
    ...{ moved_to_id: null, service_desk_reply_to: null, blocking_issues_count: 0 },
    _links: {
      self,
      notes: `${self}/notes`,
      award_emoji: `${self}/award_emoji`,
      project: api,
      closed_as_duplicate_of: null,
    },
    web_url: issuableUrl(world, project, issue),
  };
}
