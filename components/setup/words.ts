import { withoutControls } from '../kernel/log.ts';
import type { CheckLine } from './types.ts';

const signs = { ok: 'ok', note: 'note', wrong: 'WRONG', unknown: 'unknown' } as const;
const longest = 600;

/** A line a check, what to do below those that need it, and how many there are. Names of strangers are harmless in it. */
export function renderCheck(lines: readonly CheckLine[]): string {
  return `${[...renderLines(lines), renderSummary(lines)].join('\n')}\n`;
}

export function renderLines(lines: readonly CheckLine[]): readonly string[] {
  return lines.flatMap(renderLine);
}

/** How many checks there are of each result. */
export function renderSummary(lines: readonly CheckLine[]): string {
  const count = (result: CheckLine['result']) => lines.filter((line) => line.result === result).length;
  return `${lines.length} checks: ${count('ok')} ok, ${count('note')} to note, ${count('wrong')} wrong, ${count('unknown')} unknown`;
}

/** Whether everything is as it should be; what nobody can tell is not. */
export function isAllRight(lines: readonly CheckLine[]): boolean {
  return lines.every(({ result }) => result === 'ok' || result === 'note');
}

function renderLine(line: CheckLine): string[] {
  const head = `${signs[line.result].padEnd(8)}${line.check}: `;
  switch (line.result) {
    case 'wrong':
      return [`${head}expected ${line.expected}, got ${line.got}`, `  fix: ${line.fix}`].map(harmless);
    case 'unknown':
      return [`${head}${line.reason}`, `  fix: ${line.fix}`].map(harmless);
    default:
      return [harmless(`${head}${line.says}`)];
  }
}

function harmless(text: string): string {
  const line = withoutControls(text.replace(/[\n\t]/g, ' '));
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
