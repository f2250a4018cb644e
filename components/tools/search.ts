import { createPathFilter } from './matching/glob.ts';
import { createLineMatcher, linesOf, longestLine } from './matching/lines.ts';
import { answered, counted, onOneLine, refused, usualLimit } from './text.ts';
import type { RepositoryReader, Tool } from './types.ts';

const mostMatches = 200;

/** Characters of a line that are shown. */
const shownCharacters = 300;

/** Bytes that one search reads. */
const mostBytes = 64 * 1024 * 1024;

/** Steps of an expression over characters of text: some ten seconds of them. */
const mostWork = 200_000_000;

interface Asked {
  readonly pattern: string;
  readonly regex?: boolean;
  readonly ignore_case?: boolean;
  readonly paths?: readonly string[];
}

export const tool: Tool = {
  id: 'search',
  description: `Finds lines in the text files of the repository as the merge request leaves it: \`path:line: text\`, ${mostMatches} at most.`,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['pattern'],
    properties: {
      pattern: { type: 'string', minLength: 1, maxLength: 1000, description: 'Text that a line holds' },
      regex: {
        type: 'boolean',
        description: 'Whether the pattern is a regular expression, in the syntax of RE2',
      },
      ignore_case: { type: 'boolean' },
      paths: {
        type: 'array',
        maxItems: 10,
        items: { type: 'string', minLength: 1, maxLength: 200 },
        description: 'Globs of the files to look in, such as `src/**/*.ts`; all without',
      },
    },
  },
  source: 'repository',
  timeout: 60_000,
  outputLimit: usualLimit,
  readOn: 'look in fewer files by `paths`',
  kind: 'function',
  permission: 'read_code',
  risk: 'low',
  replay: 'pure',
  run: async (input, { repository }) => {
    const asked = input as unknown as Asked;
    const { pattern, regex, ignore_case: ignoreCase } = asked;
    const matcher = await createLineMatcher({ pattern, regex, ignoreCase });
    if (!matcher.ok) return refused(`The pattern is no expression that is searched for: ${matcher.reason}.`);
    const isAsked = await createPathFilter(asked.paths ?? []);
    const paths = (await repository.listFiles()).filter(isAsked);
    return answered(render(await searchIn(repository, paths, matcher), paths.length));
  },
};

interface Found {
  readonly lines: readonly string[];
  readonly files: number;
  /** Files that are no text, or too large for one. */
  readonly skipped: number;
  /** Files that were not looked at any more. */
  readonly left: number;
  /** Whether the rest of a line was passed over. */
  readonly isCut: boolean;
}

async function searchIn(
  repository: RepositoryReader,
  paths: readonly string[],
  { matches, cost }: { readonly matches: (line: string) => boolean; readonly cost: number },
): Promise<Found> {
  const lines: string[] = [];
  let [seen, skipped, bytes, isCut] = [0, 0, 0, false];
  const files = new Set<string>();
  await repository.readEach(paths, async (path, text) => {
    seen += 1;
    if (text === undefined) skipped += 1;
    for (const [index, whole] of linesOf(text ?? '').entries()) {
      const line = whole.slice(0, longestLine);
      if (whole.length > longestLine) isCut = true;
      if (!matches(line)) continue;
      files.add(path);
      lines.push(`${onOneLine(path)}:${index + 1}: ${shown(line)}`);
      if (lines.length > mostMatches) return false;
    }
    bytes += text?.length ?? 0;
    return bytes * cost <= mostWork && bytes <= mostBytes;
  });
  return { lines, files: files.size, skipped, left: paths.length - seen, isCut };
}

function shown(line: string): string {
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters).toWellFormed()}…`;
}

function render({ lines, files, skipped, left, isCut }: Found, asked: number): string {
  const isFull = lines.length > mostMatches;
  const count = `${isFull ? `more than ${mostMatches}` : lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
  const notes = [
    ...(left > 0 && !isFull
      ? [`${counted(left, 'file')} of ${asked} not looked at: a search ends here; name fewer by \`paths\``]
      : []),
    ...(isFull ? ['there are more: ask for something rarer, or look in fewer files by `paths`'] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'file')} passed over: no text, or larger than 1 MiB`] : []),
    ...(isCut ? [`of lines with more than ${longestLine} characters the first of them were looked at`] : []),
  ];
  const head = `${count} in ${counted(files, 'file')}`;
  return [head, ...lines.slice(0, mostMatches), ...notes.map((note) => `(${note})`)].join('\n');
}
