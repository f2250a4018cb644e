import { flush, packet, parsePackets, sideband } from './pkt-line.ts';
import type { ReceiveRequest } from './receive-request.ts';

/** Answer to a push of which nothing is done: the text is shown, and every reference told as declined. */
export function declinedReport({ changes, capabilities }: ReceiveRequest, text: string): Buffer {
  const lines = ['unpack ok\n', ...changes.map(({ ref }) => `ng ${ref} pre-receive hook declined\n`)];
  const report = Buffer.concat([...lines.map(packet), flush]);
  if (!hasSideband(capabilities)) return capabilities.has('report-status') ? report : Buffer.alloc(0);
  return Buffer.concat([sideband(2, `${text}\n`), sideband(1, report), flush]);
}

/** Puts texts to show before the end of git's own answer. */
export function withMessages(
  answer: Buffer,
  capabilities: ReceiveRequest['capabilities'],
  messages: readonly string[],
): Buffer {
  if (messages.length === 0 || !hasSideband(capabilities)) return answer;
  const texts = messages.map((message) => sideband(2, `${message}\n`));
  return Buffer.concat([answer.subarray(0, answer.length - flush.length), ...texts, flush]);
}

/** The references that git's answer says are where the client wanted them. */
export function acceptedRefs(
  answer: Buffer,
  capabilities: ReceiveRequest['capabilities'],
): ReadonlySet<string> {
  const report = hasSideband(capabilities) ? dataOf(answer) : answer;
  const lines = parsePackets(report).packets.map((line) => Buffer.from(line).toString('utf8'));
  return new Set(lines.flatMap((line) => /^ok (.+?)\n?$/s.exec(line)?.[1] ?? []));
}

function dataOf(answer: Buffer): Buffer {
  const { packets } = parsePackets(answer);
  return Buffer.concat(
    packets.flatMap((piece) => (piece !== 'flush' && piece[0] === 1 ? [piece.subarray(1)] : [])),
  );
}

function hasSideband(capabilities: ReceiveRequest['capabilities']): boolean {
  return capabilities.has('side-band-64k');
}
