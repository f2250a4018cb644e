import type { Tier } from '../../world/world.ts';

export type Dotenv =
  | { readonly ok: true; readonly variables: readonly { readonly key: string; readonly value: string }[] }
  /** GitLab's words. */
  | { readonly ok: false; readonly message: string };

/** Bytes of a report must be fewer. */
const sizeLimit = 5 * 1024;
/** GitLab.com's plans. Source: docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv */
const countLimits: Readonly<Record<Tier, number>> = { free: 50, premium: 100, ultimate: 150 };

/**
 * Reads a dotenv report as GitLab does: a variable a line, no empty lines and no comments, quotes are part of the
 * value, of equal names the last counts. Source: app/services/ci/parse_dotenv_artifact_service.rb.
 */
export function parseDotenv(bytes: Uint8Array, tier: Tier): Dotenv {
  if (bytes.length >= sizeLimit) {
    return { ok: false, message: `Dotenv Artifact Too Big. Maximum Allowable Size: ${sizeLimit}` };
  }
  const text = new TextDecoder().decode(bytes);
  const variables = new Map<string, string>();
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (text === '') break;
    const [, key, value] = /^(.*?)=(.*)$/.exec(line.replace(/\r$/, '')) ?? [];
    if (key === undefined || value === undefined) return { ok: false, message: 'Invalid Format' };
    variables.set(key.trim(), value.trim());
  }
  const limit = countLimits[tier];
  if (variables.size > limit) {
    return { ok: false, message: `Dotenv files cannot have more than ${limit} variables` };
  }
  const wrong = [...variables.keys()].map(wrongKey).find((message) => message !== undefined);
  if (wrong !== undefined) return { ok: false, message: `Validation failed: ${wrong}` };
  return { ok: true, variables: [...variables].map(([key, value]) => ({ key, value })) };
}

function wrongKey(key: string): string | undefined {
  if (key === '') return "Key can't be blank";
  if (key.length > 255) return 'Key is too long (maximum is 255 characters)';
  return /^\w+$/.test(key) ? undefined : "Key can contain only letters, digits and '_'.";
}
