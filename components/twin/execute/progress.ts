import type { Context } from '../../kernel/context.ts';

/** How a job's script ended. */
export interface JobEnd {
  readonly exitCode: number;
  readonly seconds: number;
}

export interface Progress {
  /** Takes pieces of gitlab-ci-local's output as they come. */
  readonly read: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly ends: ReadonlyMap<string, JobEnd>;
}

/**
 * Follows gitlab-ci-local's output, the only place where it tells a job's exit code. Each line begins with the name
 * of its job, padded to the longest; what a job prints stands behind `>` and `$`, so that none can play the end of
 * another.
 */
export function readProgress(names: readonly string[], context: Context): Progress {
  const width = Math.max(...names.map((name) => name.length));
  const byLabel = new Map(names.map((name) => [name.padEnd(width), name]));
  const started = new Map<string, number>();
  const ends = new Map<string, JobEnd>();
  const rest = { stdout: '', stderr: '' };
  const readLine = (line: string) => {
    const name = byLabel.get(line.slice(0, width));
    if (name === undefined || line[width] !== ' ') return;
    const event = parseEvent(line.slice(width + 1));
    if (event === undefined) return;
    if (event === 'started') {
      started.set(name, context.clock.monotonic());
      return;
    }
    const seconds = (context.clock.monotonic() - (started.get(name) ?? context.clock.monotonic())) / 1000;
    if (!ends.has(name)) ends.set(name, { exitCode: event, seconds });
  };
  return {
    ends,
    read: (stream, text) => {
      const lines = (rest[stream] + text).split('\n');
      rest[stream] = lines.pop() ?? '';
      for (const line of lines) readLine(line);
    },
  };
}

/** `starting shell (test)`, `finished in 12 ms`, `finished in 12 ms  FAIL 3 `, `finished in 1 s  WARN 20 `. */
function parseEvent(text: string): 'started' | number | undefined {
  if (/^starting shell \(/.test(text)) return 'started';
  const [, code] = /^finished in [\d.]+ \w+(?: {2}(?:FAIL|WARN) (\d+) )?$/.exec(text) ?? [
    undefined,
    undefined,
  ];
  if (code !== undefined) return Number(code);
  return /^finished in [\d.]+ \w+$/.test(text) ? 0 : undefined;
}
