/** How tokens of GitLab and of model providers begin; what follows has no spaces. */
const prefixes = [
  ...['glpat-', 'glcbt-', 'gldt-', 'glrt-', 'glptt-', 'glft-', 'glsoat-', 'glimt-', 'glagent-', 'glffct-'],
  ...['gloas-', 'GR1348941', 'sk-ant-', 'sk-proj-', 'github_pat_', 'ghp_', 'ghs_', 'AIza'],
];

/** Characters of a token after its prefix, at the least. */
const fewest = 20;

/**
 * The same tokens in disguise: in hex, in base64 at each of its three alignments, or broken over lines before they
 * are long enough to be told. (URL encoding leaves their characters alone.)
 */
export const disguisedShapes: readonly RegExp[] = prefixes.flatMap((prefix) => [
  new RegExp(`${hexOf(prefix)}(?:[0-9a-f]{2}){${fewest},}`, 'gi'),
  ...[0, 1, 2].map((shift) => {
    return new RegExp(`${base64Of(prefix, shift)}[\\w+/-]{${Math.ceil((fewest * 4) / 3)},}={0,2}`, 'g');
  }),
  new RegExp(`${prefix}[\\w-]{0,${fewest - 1}}(?:\\\\?\\r?\\n[ \\t]{0,40}[\\w-]{4,80}){1,4}`, 'g'),
]);

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** The characters of base64 that stand for a text alone, where it begins `shift` bytes into a group of three. */
function base64Of(text: string, shift: number): string {
  const bits = text.length * 8;
  const encoded = Buffer.from('\0'.repeat(shift) + text).toString('base64');
  return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor((shift * 8 + bits) / 6));
}
