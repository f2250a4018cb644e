import { type Certification, type CertificationLevel, certificationLevels } from './types.ts';

/**
 * The highest level that certifications give to a manifest's bytes. One with `until` holds to the end of that day in UTC.
 * Whoever may write one lifts what policies forbid to the uncertified: give it those of levels whose owners may.
 *
 * @param digest - `sha256:…` of the bytes
 * @param now - milliseconds since the Unix epoch
 */
export function certificationOf(
  certifications: readonly Certification[],
  digest: string,
  now: number,
): CertificationLevel | 'none' {
  // Dates of this form are in the order of their texts.
  const today = new Date(now).toISOString().slice(0, 10);
  const held = certifications.filter(
    ({ manifest, until }) => manifest === digest && (until === undefined || today <= until),
  );
  return certificationLevels.findLast((level) => held.some((one) => one.level === level)) ?? 'none';
}

/** A level as a number, for conditions that ask for at least one: none 0, bronze 1, silver 2, gold 3. */
export function certificationRank(level: CertificationLevel | 'none'): number {
  return level === 'none' ? 0 : certificationLevels.indexOf(level) + 1;
}
