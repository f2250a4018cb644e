import type { Context } from '../kernel/context.ts';
import { withoutControls } from '../kernel/log.ts';
import { createRedactor } from '../kernel/redact.ts';
import type { GitLabToken } from './types.ts';

/** What messages call a token. */
export function tokenName(token: GitLabToken | undefined): string {
  if (token === undefined) return 'request without a token';
  return token.kind === 'job' ? 'job token' : 'access token';
}

/** Makes words of strangers fit for a message of ours: one line, no secret, cut. */
export type Clean = (text: string) => string;

const longestDetail = 300;

export function createClean(context: Pick<Context, 'redact'>, token: GitLabToken | undefined): Clean {
  // The token is known here for sure; the context's redactor knows it by its form only.
  const withoutToken = createRedactor(token === undefined ? [] : [token.value]);
  return (text) => {
    const line = withoutControls(context.redact(withoutToken(text)).replace(/\s+/g, ' ').trim());
    return line.length > longestDetail ? `${line.slice(0, longestDetail)}…` : line;
  };
}

/**
 * GitLab's message out of the body of a refusal: `message` may be a text, or lists of texts by field; older routes
 * answer `error` and `error_description` (docs.gitlab.com/api/rest/troubleshooting).
 */
export function messageOf(body: string): string {
  const data = parsed(body);
  if (data === undefined) return body.trimStart().startsWith('<') ? titleOf(body) : body;
  const { message, error, error_description: description } = data;
  const parts = [message, error, description].filter((part) => part !== undefined && part !== null);
  return parts.length === 0 ? body : parts.map((part) => flat(part, deepest)).join(': ');
}

/** The scope GitLab says is missing, of an answer 403. */
export function missingScope(body: string): string | undefined {
  const data = parsed(body);
  const scope = data?.error === 'insufficient_scope' ? data.scope : undefined;
  return typeof scope === 'string' && /^[a-z_ ]{1,100}$/.test(scope) ? scope : undefined;
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const data: unknown = JSON.parse(body);
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? (data as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

// GitLab nests lists of words under a field, no deeper; what a stranger nests must not exhaust the stack.
const deepest = 4;

// `{"name":["has already been taken"]}` → `name has already been taken`
function flat(part: unknown, depth: number): string {
  if (typeof part !== 'object' || part === null) return String(part);
  if (depth === 0) return '…';
  if (Array.isArray(part)) return part.map((item) => flat(item, depth - 1)).join(', ');
  return Object.entries(part)
    .map(([field, words]) => `${field === 'base' ? '' : `${field} `}${flat(words, depth - 1)}`)
    .join('; ');
}

// Characters of a page in which its title has to end; patterns over all of a hostile page would take seconds.
const longestHead = 4096;

function titleOf(html: string): string {
  // Only a title seen to its end is told: half of a secret in it would not be known as one.
  const head = html.trimStart().slice(0, longestHead);
  const title = /<title[^<>]{0,200}>([^<]{0,300})</i.exec(head)?.[1]?.trim();
  return title === undefined || title === '' ? 'an HTML page' : `an HTML page titled "${title}"`;
}
