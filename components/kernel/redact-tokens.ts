import { disguisedShapes } from './redact-encoded.ts';

/**
 * Shapes of tokens nobody declared. Each is linear: it begins with literal text, and what repeats either ends the
 * match or is stopped by a character that cannot begin another one.
 */
const shapes: readonly RegExp[] = [
  // GitLab (doc/security/tokens, "Token prefixes"); routable tokens go on with dots.
  /gl(?:pat|cbt|dt|rt|rtr|ptt|ft|soat|imt|agent|ffct|wt)-[\w-]{20,}(?:\.[0-9a-z]{2,12}){0,3}/g,
  /gloas-[\w-]{20,}/g,
  /GR1348941[\w-]{20,}/g,
  // Anthropic, OpenAI and compatible.
  /(?<![\w-])sk-(?:ant|proj|svcacct|admin|or)-[\w-]{16,}/g,
  /(?<![\w-])sk-[A-Za-z0-9]{20,}/g,
  // Google, AWS, GitHub, Slack, Hugging Face, npm.
  /(?<![\w-])AIza[\w-]{35,}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,}/g,
  /(?<![A-Za-z0-9])github_pat_\w{22,}/g,
  /(?<![A-Za-z0-9])xox[abeprs]-[\w-]{10,}/g,
  /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g,
  /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36,}/g,
  // A private key, to its end or, where the end was cut off, as far as it can reach.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?:[^-]|-(?!----)){0,20000}(?:-----END [^-]{0,60}-----)?/g,
];

/** Shapes of which the beginning says what it is and stays. */
const labelled: readonly RegExp[] = [
  /(\b(?:proxy-)?authorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:bearer|basic|token)[ \t]{1,8})[^\s"',]{6,}/gi,
  /(\bbearer[ \t]{1,8})(?=[a-z_~+/.=-]{0,200}\d)[\w~+/.=-]{16,}/gi,
  /(\b(?:private-token|job-token|deploy-token|x-api-key)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?)(?=[^\s"',]{0,200}\d)[^\s"',]{6,}/gi,
  // The password of a URL; a user name may be empty.
  /(:\/\/[^\s/?#:@"'<>]{0,256}:)[^\s/?#"'<>]{1,1024}(?=@)/g,
];

/** Takes out tokens that can be told by their shape. */
export function withoutKnownTokens(text: string): string {
  let result = text;
  for (const shape of [...shapes, ...disguisedShapes]) result = result.replace(shape, '[redacted]');
  for (const shape of labelled) result = result.replace(shape, '$1[redacted]');
  return result.replace(dottedRun, withoutJwt);
}

// A JWT is looked for inside a whole run of its characters, never from each `eyJ` on, which would be quadratic.
const dottedRun = /(?<![\w.-])[\w-]+(?:\.[\w-]*){2,}/g;

function withoutJwt(run: string): string {
  const segments = run.split('.');
  for (const [index, segment] of segments.slice(0, -2).entries()) {
    const header = segment.indexOf('eyJ');
    if (header < 0 || segment.length - header < 10 || (segments[index + 1] ?? '').length < 2) continue;
    return [...segments.slice(0, index), `${segment.slice(0, header)}[redacted]`].join('.');
  }
  return run;
}
