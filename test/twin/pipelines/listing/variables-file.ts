/**
 * The text of a `--variables-file` of gitlab-ci-local 4.75.1 with these values, whatever is in them: it reads YAML in
 * which all scalars are texts, and a text that begins with `/` or `~` would be the path of a file, which the long form
 * is not. A few characters it can read as escapes only, so everything beyond ASCII is one.
 */
export function variablesFile(variables: Readonly<Record<string, string>>): string {
  const entries = Object.entries(variables).map(([key, value]) => [
    key,
    { type: 'variable', values: { '*': value } },
  ]);
  const json = JSON.stringify(Object.fromEntries(entries), undefined, 1);
  return json.replace(/[\u007f-\uffff]/g, escaped);
}

/** `\u00e9` */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
