/**
 * A glob as a regular expression that RE2 takes, so that a stranger's glob is matched in linear time: `*` and `?` stop at
 * a slash, `**` does not, and all else is itself. A folder's name with a slash behind it means all that is in it.
 */
export function globToRegex(glob: string): string {
  const whole = glob.endsWith('/') ? `${glob}**` : glob;
  const parts = whole.match(/\*\*\/|\*\*|\*|\?|[^*?]+/g) ?? [];
  return `^${parts.map((part) => wildcards[part] ?? quoted(part)).join('')}$`;
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:[\\s\\S]*/)?',
  '**': '[\\s\\S]*',
  '*': '[^/]*',
  '?': '[^/]',
};

function quoted(text: string): string {
  return text.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
}

/** Whether a path is one of those that globs name; without globs every path is. */
export async function createPathFilter(globs: readonly string[]): Promise<(path: string) => boolean> {
  if (globs.length === 0) return () => true;
  const { RE2JS } = await import('re2js');
  const expressions = globs.map((glob) => RE2JS.compile(globToRegex(glob)));
  return (path) => expressions.some((expression) => expression.test(path));
}
