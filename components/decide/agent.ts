import { digestBytes } from '../kernel/canonical.ts';
import { parseYaml } from '../kernel/yaml.ts';
import { checkText } from '../manifest/check.ts';
import { type ManifestProfile, readProfile } from '../manifest/profile.ts';
import { certificationOf } from '../policy/certification.ts';
import type { Certification, CertificationLevel } from '../policy/types.ts';
import { type Choices, planChoices } from '../proposals/choices.ts';
import { readExtension } from '../proposals/extension.ts';

/** A manifest as policies see it. */
export interface JudgedAgent {
  readonly path: string;
  readonly digest: string;
  readonly profile: ManifestProfile;
  readonly choices: Choices;
  readonly certification: CertificationLevel | 'none';
  /** Whether the merge request changes it, or adds it. */
  readonly changed: boolean;
}

export type ReadAgentResult =
  | { readonly ok: true; readonly agent: JudgedAgent }
  | { readonly ok: false; readonly reason: string };

export interface AgentSource {
  readonly path: string;
  readonly text: string;
  readonly changed: boolean;
}

/**
 * Reads a manifest for a decision. Only one whose structure is valid can be decided about: of a broken one nobody knows
 * what it says. @param now - milliseconds since the Unix epoch
 */
export async function readAgent(
  { path, text, changed }: AgentSource,
  certifications: readonly Certification[],
  now: number,
): Promise<ReadAgentResult> {
  const { structure } = await checkText(path, text, []);
  const parsed = parseYaml(text, 'manifest');
  if (structure !== 'valid' || !parsed.ok)
    return { ok: false, reason: `${path} does not satisfy its OSSA version; \`validate\` says where` };
  const [document, ...others] = parsed.documents;
  const profile = readProfile(document);
  if (profile === undefined || others.length > 0)
    return { ok: false, reason: `${path} is not one manifest with a kind and a name` };
  const { extension, issues } = readExtension(document);
  const [issue] = issues;
  if (issue !== undefined)
    return { ok: false, reason: `${path}: extensions.pipewright cannot be read: ${issue.message}` };
  const digest = digestBytes(text);
  const certification = certificationOf(certifications, digest, now);
  const choices = planChoices(extension, profile.name);
  return { ok: true, agent: { path, digest, profile, choices, certification, changed } };
}
