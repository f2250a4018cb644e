import type { JsonValue } from '../../kernel/canonical.ts';

/** Bytes of one message, where nothing else is said. */
export const longestMessage = 4 * 1024 * 1024;

/**
 * Puts messages together from pieces of a stream: JSON, one a line. One that is too long, or no JSON, is told as a reason to
 * stop, since nothing that follows could be believed.
 */
export function createMessageLines(
  onMessage: (message: JsonValue) => void,
  onWrong: (reason: string) => void,
  longest = longestMessage,
): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let [held, isOver] = [0, false];
  const wrong = (reason: string) => {
    isOver = true;
    pieces = [];
    onWrong(reason);
  };
  const take = (line: string) => {
    if (isOver || line.trim() === '') return;
    let message: JsonValue;
    try {
      message = JSON.parse(line);
    } catch {
      wrong('it has written a line that is no JSON');
      return;
    }
    onMessage(message);
  };
  return (bytes) => {
    if (isOver) return;
    const lines = decoder.decode(bytes, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      take([...pieces, line].join(''));
      [pieces, held] = [[], 0];
    }
    pieces.push(rest);
    held += rest.length;
    if (held > longest) wrong(`it has written a message of more than ${longest} bytes`);
  };
}
