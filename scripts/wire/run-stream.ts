import type { Context } from '../../components/kernel/context.ts';
import { cut } from '../../components/kernel/schema-terms.ts';
import { withoutInvisible } from '../../components/session/hidden/invisible.ts';

/** Milliseconds between two looks at what came. */
const betweenMs = 250;
/** Lines and characters of one answer that are shown; all of it is in the records. */
const mostLines = 400;
const mostCharacters = 64 * 1024;
/** Lines that wait for more: a secret may be broken over lines. */
const heldBack = 3;

/** No line of a model's begins at the margin, where a runner could take it for one of its own. */
const margin = '  │ ';

/**
 * Shows what a model says while it says it; undefined ends an answer. The whole of what came is redacted each time and only
 * lines that cannot change are printed: a secret may come in pieces.
 */
export function createStreamPrinter({
  print,
  redact,
  clock,
}: Pick<Context, 'print' | 'redact' | 'clock'>): (delta: string | undefined) => void {
  let text = '';
  let shown = 0;
  let last = Number.NEGATIVE_INFINITY;
  const show = (hold: number): void => {
    const lines = redact(withoutInvisible(text).text).split('\n');
    const ready = Math.max(0, Math.min(mostLines, lines.length - hold));
    for (const line of lines.slice(shown, ready)) print(`${margin}${cut(line, 500)}\n`);
    shown = Math.max(shown, ready);
  };
  return (delta) => {
    if (delta !== undefined) {
      if (text.length < mostCharacters) text += delta.slice(0, mostCharacters - text.length);
      if (clock.monotonic() - last < betweenMs) return;
      last = clock.monotonic();
      show(heldBack);
      return;
    }
    if (text !== '') {
      show(0);
      const isCut = shown >= mostLines || text.length >= mostCharacters;
      if (isCut) print(`${margin}… the rest is in the records\n`);
    }
    [text, shown] = ['', 0];
  };
}
