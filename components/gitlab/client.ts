import type { Context } from '../kernel/context.ts';
import { createPages } from './pages.ts';
import { createRequester } from './requester.ts';
import type { GitLab, GitLabConnection } from './types.ts';

/** A GitLab as one token sees it. Nothing is sent yet. Throws GITLAB_API_URL, GITLAB_TOKEN_FORM. */
export function createGitLab(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock' | 'redact'>,
  connection: GitLabConnection,
): GitLab {
  const request = createRequester(context, connection);
  return {
    connection,
    request,
    pages: createPages(context, connection, request),
    // Lazily: most commands that speak to GitLab use none of gitbeaker's 190 resources.
    resources: async (options) => (await import('./gitbeaker.ts')).createResources(request, options),
  };
}
