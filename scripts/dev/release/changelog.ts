export interface ChangelogSection {
  readonly heading: string;
  /** False where the heading goes on with something other than a date: the section is still being written. */
  readonly dated: boolean;
  readonly body: string;
}

/** The section of one version: below `## X.Y.Z` or `## [X.Y.Z] - date`, up to the next heading of that level. */
export function findSection(changelog: string, version: string): ChangelogSection | undefined {
  for (const part of changelog.split(/^(?=## )/m)) {
    const [heading = '', ...lines] = part.split(/\r?\n/);
    const match = /^## +(?:\[(?<linked>[^\]]+)\]|(?<plain>\S+))(?<rest>.*)$/.exec(heading);
    if ((match?.groups?.linked ?? match?.groups?.plain) !== version) continue;
    const dated = /^(?: - \d{4}-\d{2}-\d{2})?\s*$/.test(match?.groups?.rest ?? '');
    return { heading: heading.trim(), dated, body: withoutLinks(lines).join('\n').trim() };
  }
  return undefined;
}

// The definitions of links stand at the end of the file, which is inside the oldest section.
function withoutLinks(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^\[[^\]]+\]: /.test(line));
}

/** Whether a section says something besides headings and comments. */
export function saysSomething(section: ChangelogSection): boolean {
  const text = section.body.replace(/<!--[\s\S]*?-->/g, '');
  return text.split('\n').some((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** The lines under `### Breaking`. */
export function breakingLines(section: ChangelogSection): string[] {
  const parts = section.body.split(/^(?=### )/m).filter((part) => /^### +Breaking\b/i.test(part));
  return parts.flatMap((part) => part.split('\n').slice(1));
}
