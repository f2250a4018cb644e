import { MalformedPacket, parsePackets } from './pkt-line.ts';
import type { RefChange } from './push-rules.ts';

/** What a client that pushes says before it sends its pack. Source: gitprotocol-pack(5), "Reference Update Request". */
export interface ReceiveRequest {
  readonly changes: readonly RefChange[];
  readonly capabilities: ReadonlySet<string>;
  readonly options: readonly string[];
  /** The bytes read so far, some of the pack perhaps among them. */
  readonly head: Buffer;
}

const mostBytes = 4 * 1024 * 1024;

/** Reads to the end of the commands and options; the rest stays in `body`. Undefined of what is no such request. */
export async function readReceiveRequest(
  body: AsyncIterator<Uint8Array>,
): Promise<ReceiveRequest | undefined> {
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await body.next();
    if (next.done !== true) head = Buffer.concat([head, next.value]);
    if (head.length > mostBytes) return undefined;
    const request = parseRequest(head);
    if (request === 'malformed' || (request === undefined && next.done === true)) return undefined;
    if (request !== undefined) return { ...request, head };
  }
}

function parseRequest(head: Buffer): Omit<ReceiveRequest, 'head'> | 'malformed' | undefined {
  try {
    const commands = parsePackets(head, (packet) => packet === 'flush');
    if (!commands.ended) return undefined;
    const [lines, capabilities] = splitCapabilities(textsOf(commands.packets));
    const changes = lines.filter((line) => !/^(shallow|push-cert)/.test(line)).map(parseChange);
    if (changes.some((change) => change === undefined)) return 'malformed';
    const known = changes.filter((change) => change !== undefined);
    if (!capabilities.has('push-options')) return { changes: known, capabilities, options: [] };
    const options = parsePackets(head.subarray(commands.length), (packet) => packet === 'flush');
    return options.ended ? { changes: known, capabilities, options: textsOf(options.packets) } : undefined;
  } catch (error) {
    if (error instanceof MalformedPacket) return 'malformed';
    throw error;
  }
}

function textsOf(packets: readonly (Uint8Array | 'flush')[]): string[] {
  return packets.flatMap((packet) =>
    packet === 'flush' ? [] : [Buffer.from(packet).toString('utf8').replace(/\n$/, '')],
  );
}

function splitCapabilities(lines: readonly string[]): [string[], ReadonlySet<string>] {
  const capabilities = lines.flatMap((line) => line.split('\0')[1]?.trim().split(' ') ?? []);
  return [lines.map((line) => line.split('\0')[0] ?? ''), new Set(capabilities)];
}

function parseChange(line: string): RefChange | undefined {
  const [, before, after, ref] = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (refs\/.+)$/s.exec(line) ?? [];
  return before === undefined || after === undefined || ref === undefined
    ? undefined
    : { before, after, ref };
}
