import { createHash } from 'node:crypto';
import type { User } from '../gitlab/endpoints/user.ts';
import type { SafeLine } from '../proposals/text/types.ts';
import type { Written } from './texts.ts';

type Wrote = Pick<Written, 'agent' | 'path' | 'mergeRequest' | 'session'>;

/** Branch of an agent for a merge request; nothing of it is a model's or an author's. */
export function branchOf({ agent, mergeRequest }: Pick<Wrote, 'agent' | 'mergeRequest'>): string {
  return `pipewright/${slugOf(agent)}/${mergeRequest}`;
}

/** Letters, digits and dashes, such as a name of a branch may have anywhere. */
function slugOf(agent: string): string {
  const slug = agent
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '');
  return slug === '' ? 'agent' : slug;
}

/** The line by which a commit is known as this agent's: names may be slugs of several, so its path is in it. */
function trailerOf({ agent, path }: Pick<Wrote, 'agent' | 'path'>): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `Proposed-by: agent ${slugOf(agent)} ${hash} (pipewright)`;
}

/**
 * What a commit says. Many programs act on messages (trailers, words that skip CI or close issues, changelogs), so of a model's
 * words it has the title alone, in one line that begins with ours. `Signed-off-by` is a person's statement: none is made here.
 */
export function renderMessage(title: SafeLine, project: number, wrote: Wrote): string {
  return `${[
    `Agent ${slugOf(wrote.agent)}: ${title}`,
    '',
    'Proposed by an agent, which may be wrong. Nobody has signed it off.',
    '',
    trailerOf(wrote),
    `Pipewright-session: ${wrote.session}`,
    `Pipewright-merge-request: ${wrote.mergeRequest} of project ${project}`,
  ].join('\n')}\n`;
}

/** Name and address that an account commits with. The address is GitLab's own for who wants none shown. */
export function identityOf({ id, username }: User, server: string): { name: string; email: string } {
  return { name: username, email: `${id}-${username}@users.noreply.${new URL(server).hostname}` };
}

/** Whether a commit is one that this agent's proposals became before, untouched. */
export function isOwnCommit(
  commit: { readonly authorEmail: string; readonly committerEmail: string; readonly message: string },
  email: string,
  wrote: Pick<Wrote, 'agent' | 'path'>,
): boolean {
  const { authorEmail, committerEmail, message } = commit;
  return authorEmail === email && committerEmail === email && message.split('\n').includes(trailerOf(wrote));
}
