import type { Detector, Span } from '../types.ts';

/** The middle of an address: found four times as fast as one from its beginning. */
const middle = /\d\.\d{1,3}\.\d{1,3}\.\d/g;
const four = /(?<![\w.+§-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/y;
/** 2000::/3, which is all that is given out. */
const six =
  /(?<![\w:.])[23][0-9a-f]{3}:(?:[0-9a-f]{1,4}:){0,6}(?::|[0-9a-f]{1,4})(?::?[0-9a-f]{1,4}){0,6}(?![\w:])/gi;

/** RFC 6890 and its like: of no machine that can be reached from elsewhere. */
const reserved =
  /^(?:0|10|127|22[4-9]|2[3-5]\d)\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^192\.168\.|^192\.0\.[02]\.|^198\.1[89]\.|^198\.51\.100\.|^203\.0\.113\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;

/** What versions stand behind. */
const version = /(?:version|release|ver|v|@|==|>=|<=|~|\^)["']?[ :=]{0,2}["']?$/i;

export const detector: Detector = {
  id: 'ip-address',
  dataClass: 'pii',
  names: ['ip_address', 'ip', 'ipv4', 'ipv6', 'ip_addresses'],
  decides:
    'IPv4 and IPv6 addresses that can be reached from everywhere; not private, local, reserved ones, not versions',
  misses: 'private addresses, host names, addresses as one number',
  find: ({ text }) => [...fours(text), ...sixes(text)].sort(([a], [b]) => a - b),
};

function fours(text: string): readonly Span[] {
  return Array.from(text.matchAll(middle)).flatMap(({ index: at }): Span[] => {
    const index = at - (/\d{0,2}$/.exec(text.slice(Math.max(0, at - 2), at))?.[0].length ?? 0);
    four.lastIndex = index;
    const [found] = four.exec(text) ?? [];
    if (found === undefined) return [];
    const octets = found.split('.');
    if (octets.some((octet) => Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0')))) return [];
    if (reserved.test(found) || version.test(text.slice(Math.max(0, index - 12), index))) return [];
    return [[index, index + found.length]];
  });
}

function sixes(text: string): readonly Span[] {
  if (!text.includes(':')) return [];
  return Array.from(text.matchAll(six)).flatMap(({ index, 0: found }): Span[] => {
    const halves = found.split('::');
    const groups = found.split(/::?/).filter((group) => group !== '').length;
    const isWhole = halves.length === 1 ? groups === 8 : halves.length === 2 && groups < 8 && groups > 2;
    // For documents (RFC 3849).
    const isReserved = /^2001:0?db8:/i.test(found);
    return isWhole && !isReserved ? [[index, index + found.length]] : [];
  });
}
