/**
 * Escape sequences of terminals (ECMA-48): control sequences, commands to the operating system up to their end, and the
 * short ones. Each alternative stops at the first character that cannot belong to it, so none looks twice.
 */
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  /\u001b\[[0-?]*[ -/]*[@-~]?|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-Z\\^-~]?|\u009b[0-?]*[ -/]*[@-~]?/g;

/** What the runner writes where a section of a log begins and ends: docs.gitlab.com/ci/jobs/job_logs/. */
const sections = /section_(?:start|end):\d{1,20}:[\w.-]{1,200}(?:\[[^\]\n]{0,200}\])?\r?/g;

/** A time and a stream before each line, where the runner writes them: `2026-01-02T03:04:05.000006Z 00O `. */
const stamps = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \d\d[OE][ +]?/gm;

/** Lines of a job's log as a person reads them: no colours, no marks of sections, and of what was overwritten the last. */
export function linesOfLog(text: string): string[] {
  const plain = text.replace(stamps, '').replace(sections, '').replace(escapes, '');
  const lines = plain.replaceAll('\r\n', '\n').split('\n').map(overwritten);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function overwritten(line: string): string {
  const shown = line.replace(/\r+$/, '');
  return shown.slice(shown.lastIndexOf('\r') + 1);
}
