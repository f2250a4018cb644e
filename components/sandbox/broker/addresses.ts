/**
 * Blocks that lead to this machine, its network, or nowhere. IANA's special-purpose registries (RFC 6890), with what
 * carries an IPv4 address in it: whoever routes those may end at that address.
 */
const specialV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  // Metadata of a cloud that has them outside of the blocks above (Azure's wire server).
  '168.63.129.16/32',
];

/** Of IPv6 only what is given to the public is let through, but for these blocks of it. */
const publicV6 = '2000::/3';
const specialV6 = [
  // Teredo, ORCHID, benchmarks and others of the IETF; documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
];

/** Whether an address, as resolvers write it, is one of the public Internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== undefined) return !specialV4.some((block) => isInBlock(v4, block, 32));
  const v6 = parseV6(address);
  if (v6 === undefined) return false;
  return isInBlock(v6, publicV6, 128) && !specialV6.some((block) => isInBlock(v6, block, 128));
}

function isInBlock(address: bigint, block: string, width: number): boolean {
  const [base = '', bits = ''] = block.split('/');
  const start = width === 32 ? parseV4(base) : parseV6(base);
  const rest = BigInt(width - Number(bits));
  return start !== undefined && address >> rest === start >> rest;
}

/** Four decimal numbers without leading zeros, and nothing else that C libraries take for an address. */
export function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** RFC 4291, 2.2; a zone (`%eth0`) makes it none, since it names an interface of this machine. */
export function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [left = [], right] = groups;
  const before = readGroups(left, right === undefined);
  const after = readGroups(right ?? [], true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n);
}

/** @param isEnd - whether the last group may be an IPv4 address */
function readGroups(groups: readonly string[], isEnd: boolean): number[] | undefined {
  const numbers: number[] = [];
  for (const [index, group] of groups.entries()) {
    const v4 = isEnd && index === groups.length - 1 ? parseV4(group) : undefined;
    if (v4 !== undefined) numbers.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(group)) numbers.push(Number.parseInt(group, 16));
    else return undefined;
  }
  return numbers;
}
