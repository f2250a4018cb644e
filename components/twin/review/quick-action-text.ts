import { topLevelParagraphs } from './paragraphs.ts';

/** A line of a text that GitLab takes as a command: `/label ~bug`. */
export interface FoundCommand {
  readonly name: string;
  readonly arg: string;
}

export interface ReadText {
  /** Without the commands. */
  readonly text: string;
  readonly commands: readonly FoundCommand[];
}

/** Commands that are replaced by a text where they stand. */
const substitutions: Readonly<Record<string, string>> = {
  shrug: '¯\\＿(ツ)＿/¯',
  tableflip: '(╯°□°)╯︵ ┻━┻',
};

/**
 * Takes the commands out of a text: lines that begin with a slash and a known name, in any case of letters, in paragraphs of
 * their own. `\r` goes too. Source: docs.gitlab.com/user/project/quick_actions, and what GitLab's extractor leaves alone:
 * code, quotes, lists, HTML.
 */
export function readQuickActions(text: string, names: readonly string[]): ReadText {
  const lines = text.replaceAll('\r', '').split(/(?<=\n)/);
  const pattern = commandPattern([...names, ...Object.keys(substitutions)]);
  const commands: FoundCommand[] = [];
  const ranges = topLevelParagraphs(lines.map((line) => line.replace(/\n$/, '')));
  for (const { start, end } of ranges.toReversed()) {
    const found: FoundCommand[] = [];
    // The empty line after a paragraph of commands goes with them.
    const stop = lines[end] === '\n' ? end + 1 : end;
    const kept = lines
      .slice(start, stop)
      .join('')
      .replace(pattern, (whole, name?: string, arg = '') => {
        if (name === undefined) return whole;
        const substitute = substitutions[name.toLowerCase()];
        if (substitute !== undefined) return `${[arg, substitute].filter(Boolean).join(' ')}\n`;
        found.push({ name: name.toLowerCase(), arg: arg.trim() });
        return '';
      });
    lines.splice(start, stop - start, kept);
    commands.unshift(...found);
  }
  return { text: lines.join('').trimEnd(), commands };
}

/** Code spans come first, so that a command in one is none. */
function commandPattern(names: readonly string[]): RegExp {
  const known = [...names].sort((a, b) => b.length - a.length).join('|');
  return new RegExp(`\`[^\`]+?\`|^/(${known})(?: ([^\\n]*))?(?:\\s*\\n|$)`, 'gim');
}
