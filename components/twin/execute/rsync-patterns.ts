/** Whether a path (relative to the root of the transfer, with `/`) is left out, with everything below it. */
export type Excluded = (path: string, directory: boolean) => boolean;

export type ParsedExcludes =
  | { readonly ok: true; readonly excluded: Excluded }
  | { readonly ok: false; readonly message: string };

interface Pattern {
  readonly directoryOnly: boolean;
  /** Matched with the whole path, else with its last part. */
  readonly whole: boolean;
  readonly expression: RegExp;
}

/** Compiles exclude patterns as rsync(1) reads them; forms it does not know are refused. */
export function parseExcludes(patterns: readonly string[]): ParsedExcludes {
  const compiled: Pattern[] = [];
  for (const pattern of patterns) {
    if (/^([+-] |!)|\*\*\*|\[\[:|[\r\n]/.test(pattern) || pattern === '') {
      const message = `pipewright's stand-in for rsync does not know the pattern ${JSON.stringify(pattern)}; install rsync`;
      return { ok: false, message };
    }
    compiled.push(compile(pattern));
  }
  return {
    ok: true,
    excluded: (path, directory) =>
      compiled.some(
        (pattern) =>
          (directory || !pattern.directoryOnly) &&
          pattern.expression.test(pattern.whole ? path : path.slice(path.lastIndexOf('/') + 1)),
      ),
  };
}

function compile(pattern: string): Pattern {
  const directoryOnly = pattern.endsWith('/');
  const body = directoryOnly ? pattern.replace(/\/+$/, '') : pattern;
  const anchored = body.startsWith('/');
  const whole = body.includes('/') || body.includes('**');
  const source = expressionOf(anchored ? body.slice(1) : body);
  return { directoryOnly, whole, expression: new RegExp(`${anchored ? '^' : '(?:^|/)'}${source}$`, 's') };
}

// A backslash escapes only where the pattern has a wildcard; elsewhere it is a character.
function expressionOf(body: string): string {
  const wild = /[*?[]/.test(body);
  const parts = wild ? body.match(/\\.|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|./gs) : [...body];
  return (parts ?? []).map((part) => (wild ? wildcard(part) : literal(part))).join('');
}

function wildcard(part: string): string {
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  if (part.length > 2 && part.startsWith('[')) {
    const negated = /^\[[!^]/.test(part);
    const inner = part.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, '\\$&');
    return `(?!/)[${negated ? '^' : ''}${inner}]`;
  }
  return literal(part.length === 2 && part.startsWith('\\') ? part.slice(1) : part);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
