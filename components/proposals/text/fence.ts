import { languages } from './languages.ts';
import { expandIndent, indentOf, isBlank } from './lines.ts';
import { withoutComment } from './scan.ts';
import type { Count } from './types.ts';

/** A fenced code block as it is opened. */
export interface Fence {
  readonly indent: number;
  readonly marks: string;
  readonly info: string;
}

/** Longer runs of marks are no fence to us; they are escaped. */
const opening = /^( *)(`{3,100}(?!`)|~{3,100}(?!~))(.*)$/;

/** A line with its tabs expanded that opens a fence, wherever a block may begin. */
export function parseFence(line: string): Fence | undefined {
  const [, indent = '', marks = '', info = ''] = opening.exec(line) ?? [];
  if (marks === '' || (marks.startsWith('`') && info.includes('`'))) return undefined;
  return { indent: indent.length, marks, info };
}

/** The line that opens it, with no more than a harmless language. */
export function renderOpening({ marks, info }: Fence, count: Count): string {
  const [language = ''] = /^[\w+#.-]*/.exec(info.trim()) ?? [];
  if (info.trim() === language && (language === '' || languages.has(language.toLowerCase())))
    return marks + info;
  count('directive');
  return marks + (languages.has(language.toLowerCase()) ? language : 'text');
}

/**
 * Reads the block whose opening line stands before `start`, and closes it in any case. Whatever lists it may stand in, it
 * must end where we say: no line is less indented than the fence, and what may close it does.
 */
export function takeFence(
  lines: readonly string[],
  start: number,
  { indent, marks }: Fence,
  count: Count,
): { readonly code: readonly string[]; readonly end: number } {
  const pad = ' '.repeat(indent);
  const code: string[] = [];
  const closing = new RegExp(`^\\s*${marks[0]}{${marks.length},}\\s*$`);
  for (let at = start; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (closing.test(line) && indentOf(line) <= indent + 3)
      return { code: [...code, pad + marks], end: at + 1 };
    code.push(isBlank(line) ? '' : takeCodeLine(line, pad, count));
  }
  count('fence');
  return { code: [...code, pad + marks], end: lines.length };
}

function takeCodeLine(line: string, pad: string, count: Count): string {
  const code = withoutComment(line, count);
  if (indentOf(code) < pad.length) {
    count('fence');
    return pad + expandIndent(code).trimStart();
  }
  // GitLab takes a command only at the very start of a line; what seems code here may be none after a cut.
  if (!/^(?:\/[^\s/*]|::)/.test(code)) return code;
  count(code.startsWith('/') ? 'quick-action' : 'directive');
  return ` ${code}`;
}
