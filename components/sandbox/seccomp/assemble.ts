/**
 * One instruction of classic BPF as seccomp runs it. `load` reads a word of the call, a `when*` goes to a mark further
 * down where the word loaded last is so, and on to the next instruction where it is not.
 */
export type Instruction =
  | { readonly op: 'load'; readonly offset: number }
  | { readonly op: 'whenEqual' | 'whenAbove' | 'whenAny'; readonly value: number; readonly to: string }
  | { readonly op: 'return'; readonly value: number }
  | { readonly op: 'mark'; readonly name: string };

// include/uapi/linux/bpf_common.h: class | size, mode or operation | source.
const codes = {
  load: 0x00 | 0x20, // BPF_LD | BPF_W | BPF_ABS
  whenEqual: 0x05 | 0x10, // BPF_JMP | BPF_JEQ | BPF_K
  whenAbove: 0x05 | 0x20, // BPF_JMP | BPF_JGT | BPF_K, unsigned
  whenAny: 0x05 | 0x40, // BPF_JMP | BPF_JSET | BPF_K: the two have a bit in common
  return: 0x06, // BPF_RET | BPF_K
} as const;

/** Jumps are one byte wide and lead forward only. */
const farthest = 255;

/**
 * Makes the array of `struct sock_filter` (u16 code, u8 jump if true, u8 jump if false, u32 k; little-endian, as both
 * machines we know are) that `bwrap --seccomp` reads. Throws a RangeError for a mark that is missing or too far away.
 */
export function assemble(program: readonly Instruction[]): Uint8Array {
  const marks = new Map<string, number>();
  const lines: Exclude<Instruction, { readonly op: 'mark' }>[] = [];
  for (const instruction of program) {
    if (instruction.op === 'mark') marks.set(instruction.name, lines.length);
    else lines.push(instruction);
  }
  const bytes = new Uint8Array(lines.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, line] of lines.entries()) {
    const distance = 'to' in line ? (marks.get(line.to) ?? -1) - index - 1 : 0;
    if (distance < 0 || distance > farthest)
      throw new RangeError(`instruction ${index} cannot jump ${distance} on`);
    view.setUint16(index * 8, codes[line.op], true);
    view.setUint8(index * 8 + 2, distance);
    view.setUint32(index * 8 + 4, line.op === 'load' ? line.offset : line.value, true);
  }
  return bytes;
}
