import { type Token, tokensOf } from '../../../../components/twin/render/expression-tokens.ts';
import { escaped } from './variables-file.ts';

/**
 * The value of a variable as it must be given to gitlab-ci-local 4.75.1, which pastes it between quotes into a piece
 * of JavaScript: everything but letters and digits as an escape of it. A title of a merge request could otherwise end
 * the text and be run.
 */
export function opaque(value: string): string {
  return value.replace(/[^A-Za-z0-9]/g, (character) => escaped(character));
}

/** A condition that never holds. */
export const never = '1 === 2';

/**
 * An expression of `rules:if` in gitlab-ci-local's dialect, with GitLab's meaning: variables that are not set are
 * `null` (it knows some that GitLab does not), texts are opaque, and the pattern a variable holds stands in its place.
 * What GitLab could not read never holds.
 *
 * @param nameOf - gives the variable of the listing that holds a value
 */
export function translateCondition(
  condition: string,
  variables: ReadonlyMap<string, string>,
  nameOf: (value: string) => string,
): string {
  const tokens = tokensOf(condition);
  if (tokens === undefined) return never;
  const words = { variables, nameOf };
  return tokens
    .map((token, at) => {
      const written = word(token, isMatch(tokens[at - 1]), words);
      // GitLab matches against the text of a value; gitlab-ci-local takes more of the line than it should with null.
      return written === 'null' && isMatch(tokens[at + 1]) ? '""' : written;
    })
    .join(' ');
}

interface Words {
  readonly variables: ReadonlyMap<string, string>;
  readonly nameOf: (value: string) => string;
}

function isMatch(token: Token | undefined): boolean {
  return token?.kind === '=~' || token?.kind === '!~';
}

/** Matches nothing: what GitLab makes of a right side that is no pattern. */
const nothing = '/[^\\s\\S]/';

function word(token: Token, isPattern: boolean, { variables, nameOf }: Words): string {
  switch (token.kind) {
    case 'variable': {
      const value = variables.get(token.text);
      if (isPattern) return patternOf(value ?? '') ?? nothing;
      return value === undefined ? 'null' : `$${nameOf(value)}`;
    }
    case 'string':
      return isPattern ? (patternOf(token.text) ?? nothing) : `"${opaque(token.text)}"`;
    case 'pattern':
      return isPattern ? (patternOf(token.text) ?? nothing) : `"${opaque(token.text)}"`;
    case 'constant':
      return String(token.value);
    case 'input':
      return 'null';
    // Its texts and numbers would be equal for JavaScript's `==` where GitLab's are not.
    case '==':
    case '!=':
      return `${token.kind}=`;
    default:
      return token.kind;
  }
}

/** `/pattern/flags` in its words: a slash or a dollar in the pattern must not be seen as such. */
function patternOf(text: string): string | undefined {
  const [, pattern, flags = ''] = /^\/([\s\S]+)\/([ismU]*)$/.exec(text) ?? [];
  if (pattern === undefined) return undefined;
  const inside = pattern
    .replaceAll('\\/', '/')
    .replace(
      /\\?\/|\\?"|\\\$|\n/g,
      (found) =>
        `\\x${found
          .charCodeAt(found.length - 1)
          .toString(16)
          .padStart(2, '0')}`,
    )
    // Where a name would follow, `$` can only be the end of a line.
    .replace(/\$(?=[A-Za-z_{$])/g, '(?:$)');
  return `/${inside}/${flags.replace('U', '')}`;
}
