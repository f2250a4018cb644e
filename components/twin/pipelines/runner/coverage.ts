import { RE2JS } from 're2js';

/**
 * The coverage a log tells: in the last line that the job's `coverage` pattern matches with a number, the number in
 * what it captures, else in what it matches. Undefined where none does. Source: lib/gitlab/ci/trace/stream.rb.
 */
export function readCoverage(pattern: unknown, log: string): number | undefined {
  const regex = typeof pattern === 'string' ? compile(pattern) : undefined;
  if (regex === undefined) return undefined;
  for (const line of log.split(/\r?\n/).toReversed()) {
    const matcher = regex.matcher(line);
    let last: string | null | undefined;
    while (matcher.find()) {
      const groups = Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1));
      last = groups.length === 0 ? matcher.group() : groups.findLast((group) => group !== null);
    }
    const number = /\d+(?:\.\d+)?/.exec(last ?? '')?.[0];
    if (number !== undefined) return Number(number);
  }
  return undefined;
}

function compile(pattern: string): RE2JS | undefined {
  const [, body = pattern, flags = ''] = /^\/(.*)\/([ism]*)$/s.exec(pattern.trim()) ?? [];
  try {
    return RE2JS.compile(`${flags === '' ? '' : `(?${flags})`}${body.replaceAll('\\/', '/')}`);
  } catch {
    return undefined;
  }
}
