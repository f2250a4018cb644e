/** A piece of git's wire protocol: a line, or `flush` (`0000`). Source: gitprotocol-common(5), "pkt-line format". */
export type Packet = Uint8Array | 'flush';

const longest = 65_516;

export function packet(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

export const flush = Buffer.from('0000');

/** The packets at the beginning of some bytes, and how many bytes they are; one that is cut off is not among them. */
export function parsePackets(
  bytes: Buffer,
  isEnd: (packet: Packet) => boolean = () => false,
): { readonly packets: readonly Packet[]; readonly length: number; readonly ended: boolean } {
  const packets: Packet[] = [];
  let at = 0;
  while (bytes.length - at >= 4) {
    const digits = bytes.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    if (Number.isNaN(length) || (length > 0 && length < 4)) throw new MalformedPacket(digits);
    if (length > bytes.length - at) break;
    const piece: Packet = length === 0 ? 'flush' : bytes.subarray(at + 4, at + length);
    at += Math.max(length, 4);
    packets.push(piece);
    if (isEnd(piece)) return { packets, length: at, ended: true };
  }
  return { packets, length: at, ended: false };
}

/** Bytes that are no packet at all. */
export class MalformedPacket extends Error {
  constructor(digits: string) {
    super(`${JSON.stringify(digits)} is no length of a packet`);
  }
}

/** Text on a band of the side-band protocol: 1 is the data, 2 what git shows after `remote: `. */
export function sideband(band: 1 | 2, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += longest - 1) {
    pieces.push(packet(Buffer.concat([Buffer.from([band]), bytes.subarray(at, at + longest - 1)])));
  }
  return Buffer.concat(pieces);
}
