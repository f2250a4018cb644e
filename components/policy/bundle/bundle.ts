import { validate } from '#validators/policy-bundle';
import { canonicalJson, digest } from '../../kernel/canonical.ts';
import { renderPath } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import { errors } from '../errors.ts';
import type { PolicyFile } from '../types.ts';
import type { PolicyBundle } from './bundle.gen.ts';

/** Bytes of a bundle; more is refused unread. */
export const largestBundle = 16 * 1024 * 1024;

/** Makes the bundle of a folder's policy files: equal files give equal bytes, however the folder was read. */
export function makeBundle(files: readonly PolicyFile[], version: string): PolicyBundle {
  const sorted = files
    .map(({ path, text }) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const content: Omit<PolicyBundle, 'digest'> = {
    ...{ format: 'pipewright/policy-bundle/v1', dialect: 'pipewright/v1', version },
    files: sorted,
  };
  return { ...content, digest: digest({ ...content, files: sorted }) };
}

/** The bytes of a bundle's file: canonical JSON and a line end. */
export function renderBundle(bundle: PolicyBundle): string {
  return `${canonicalJson({ ...bundle, files: bundle.files.map((file) => ({ ...file })) })}\n`;
}

/** Reads a bundle and holds it against its own digest. @throws POLICY_BUNDLE_INVALID, POLICY_BUNDLE_DIGEST */
export function parseBundle(file: string, text: string): PolicyBundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw errors.BUNDLE_INVALID({ file, reason: 'it is not JSON' });
  }
  const [issue] = checkSchema(validate, value);
  if (issue !== undefined) {
    const place = issue.path.length === 0 ? '' : `${renderPath(issue.path)}: `;
    throw errors.BUNDLE_INVALID({ file, reason: `${place}${issue.message}` });
  }
  const bundle = value as PolicyBundle;
  const made = makeBundle(bundle.files, bundle.version).digest;
  if (made !== bundle.digest) throw errors.BUNDLE_DIGEST({ file, expected: bundle.digest, got: made });
  return bundle;
}
