import { createHash } from 'node:crypto';

/** GitLab's slug of references, projects and jobs: lower case, at most 63 characters, no dash at its ends. */
export function slugOf(text: string): string {
  const dashed = text.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return dashed.slice(0, 63).replace(/^-+|-+$/g, '');
}

/** An environment's slug: at most 24 characters that begin with a letter, with a hash where the name was changed. */
export function environmentSlugOf(name: string): string {
  let slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .replace(/-+/g, '-');
  if (!/^[a-z]/.test(slug)) slug = `env-${slug}`;
  if (slug.length <= 24 && slug === name) return slug.replace(/-$/, '');
  const begin = slug.slice(0, 17);
  const number = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`);
  return `${begin}${begin.endsWith('-') ? '' : '-'}${number.toString(36).slice(-6)}`;
}

const tiers: readonly (readonly [string, RegExp])[] = [
  ['development', /(dev|review|trunk)/i],
  ['testing', /(test|tst|int|ac(ce|)pt|qa|qc|control|quality)/i],
  ['staging', /(st(a|)g|mod(e|)l|pre|demo|non)/i],
  ['production', /(pr(o|)d|live)/i],
];

/** The tier GitLab takes from an environment's name. Source: docs.gitlab.com/ci/environments/#deployment-tier-of-environments */
export function tierOf(environment: string): string {
  return tiers.find(([, pattern]) => pattern.test(environment))?.[0] ?? 'other';
}
