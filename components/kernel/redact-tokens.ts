import { disguisedShapes } from './redact-encoded.ts';
import { tokenForms } from './token-forms.ts';

/**
 * Shapes of tokens nobody declared. Each is linear: it begins with literal text, and what repeats either ends the
 * match or is stopped by a character that cannot begin another one.
 */
function tokenShapes(): readonly RegExp[] {
  const tokens = tokenForms.map(({ prefix, body, least, bounded }) => {
    // GitLab's routable tokens go on with dots.
    return `${bounded ? '(?<![A-Za-z0-9])' : ''}${prefix}${body}{${least},}(?:\\.[0-9a-z]{2,12}){0,3}`;
  });
  return [
    new RegExp(tokens.join('|'), 'g'),
    /(?<![\w-])sk-[A-Za-z0-9]{20,}/g,
    // A private key, to its end or, where the end was cut off, as far as it can reach.
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?:[^-]|-(?!----)){0,20000}(?:-----END [^-]{0,60}-----)?/g,
  ];
}

/** Made at the first use: what prints nothing of strangers, as `--version`, does without. */
let shapes: readonly RegExp[] | undefined;

/** Shapes of which the beginning says what it is and stays. */
const labelled: readonly RegExp[] = [
  /(\b(?:proxy-)?authorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:bearer|basic|token)[ \t]{1,8})[^\s"',]{6,}/gi,
  /(\bbearer[ \t]{1,8})(?=[a-z_~+/.=-]{0,200}\d)[\w~+/.=-]{16,}/gi,
  /(\b(?:private-token|job-token|deploy-token|x-api-key)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?)(?=[^\s"',]{0,200}\d)[^\s"',]{6,}/gi,
  // The password of a URL; a user name may be empty.
  /(:\/\/[^\s/?#:@"'<>]{0,256}:)[^\s/?#"'<>]{1,1024}(?=@)/g,
];

/**
 * No shape is shorter, but for the password of a URL and a token that is broken over lines: a JWT has ten letters, a dot, two and a
 * dot, and Slack's have a prefix of five with ten letters behind.
 */
const shortestToken = 14;

/** Takes out tokens that can be told by their shape. */
export function withoutKnownTokens(text: string): string {
  if (text.length < shortestToken && !/:\/\/|\n/.test(text)) return text;
  let result = text;
  shapes ??= [...tokenShapes(), ...disguisedShapes()];
  for (const shape of shapes) result = result.replace(shape, '[redacted]');
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
