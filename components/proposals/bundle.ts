import { validate } from '#validators/proposals';
import { type Digest, digestBytes } from '../kernel/canonical.ts';
import { renderPath } from '../kernel/place.ts';
import { checkSchema } from '../kernel/schema.ts';
import type { ProposalBundle } from './bundle.gen.ts';
import { type Choices, digestChoices } from './choices.ts';

/** Bytes of a bundle; more is refused unread. */
export const largestBundle = 4 * 1024 * 1024;

export interface BundleParts extends Omit<ProposalBundle, 'format' | 'choices'> {
  readonly choices: Choices;
}

/** Makes the bundle of a session; its text is JSON of this, each text in it redacted by the caller. */
export function makeBundle({ choices, ...parts }: BundleParts): ProposalBundle {
  return { format: 'pipewright/proposals/v1', ...parts, choices: digestChoices(choices) };
}

/** The digest is empty where there are no bytes. */
export type ParsedBundle =
  | { readonly ok: true; readonly bundle: ProposalBundle; readonly digest: Digest }
  | { readonly ok: false; readonly reasons: readonly string[]; readonly digest: Digest | '' };

const mostReasons = 10;

/** Parses the very bytes that the digest is of. They are a stranger's: reasons quote nothing longer than a line of theirs. */
export function parseBundle(bytes: Uint8Array): ParsedBundle {
  const digest = digestBytes(bytes);
  const refused = (...reasons: string[]): ParsedBundle => ({ ok: false, reasons, digest });
  if (bytes.length > largestBundle) return refused(`it has more than ${largestBundle} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // What V8 says quotes the text, which may be anything.
    return refused(error instanceof SyntaxError ? 'it is not JSON' : 'it is not UTF-8');
  }
  const issues = checkSchema(validate, value);
  if (issues.length === 0) return { ok: true, bundle: value as ProposalBundle, digest };
  const reasons = issues.slice(0, mostReasons).map(({ path, message, expected }) => {
    const place = path.length === 0 ? '' : `${renderPath(path)}: `;
    return `${place}${message}${expected === undefined ? '' : `, expected ${expected}`}`;
  });
  const more = issues.length - reasons.length;
  return refused(...reasons, ...(more > 0 ? [`and ${more} more`] : []));
}
