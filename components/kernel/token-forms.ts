/** A kind of token that can be told by how it begins. */
export interface TokenForm {
  readonly prefix: string;
  /** Characters after the prefix, as a class of a regular expression. */
  readonly body: string;
  /** How many of them there are at the least. */
  readonly least: number;
  /** Whether the prefix is so short or so common that it must not follow a letter or a digit. */
  readonly bounded?: true;
}

const word = '[\\w-]';
const alphanumeric = '[A-Za-z0-9]';

function forms(prefixes: string, body: string, least: number, bounded?: true): TokenForm[] {
  const common = bounded === undefined ? { body, least } : { body, least, bounded };
  return prefixes.split(' ').map((prefix) => ({ prefix, ...common }));
}

/** GitLab's from doc/security/tokens ("Token prefixes"), the providers' from their documentation. */
export const tokenForms: readonly TokenForm[] = [
  ...forms(
    'glpat- glcbt- gldt- glrt- glrtr- glptt- glft- glsoat- glimt- glagent- glffct- glwt- gloas-',
    word,
    20,
  ),
  ...forms('GR1348941', word, 20),
  ...forms('sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-', word, 16, true),
  ...forms('gsk_ xai- hf_', alphanumeric, 30, true),
  ...forms('AIza', word, 35, true),
  ...forms('AKIA ASIA', '[A-Z0-9]', 16, true),
  ...forms('ghp_ gho_ ghu_ ghs_ ghr_', alphanumeric, 20, true),
  ...forms('github_pat_', '\\w', 22, true),
  ...forms('xoxa- xoxb- xoxe- xoxp- xoxr- xoxs-', word, 10, true),
  ...forms('npm_', alphanumeric, 36, true),
];
