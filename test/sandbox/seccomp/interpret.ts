/** What a filter sees of a system call: `struct seccomp_data` of include/uapi/linux/seccomp.h. */
export interface Call {
  readonly number: number;
  readonly architecture: number;
  readonly arguments?: readonly bigint[];
}

/** Runs a filter as the kernel does (net/core/filter.c), with the instructions that ours are made of. */
export function interpret(filter: Uint8Array, call: Call): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.architecture, true);
  for (const [index, value] of (call.arguments ?? []).entries())
    data.setBigUint64(16 + index * 8, value, true);
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let word = 0;
  for (let index = 0; index < filter.byteLength / 8; index++) {
    const [code, k] = [program.getUint16(index * 8, true), program.getUint32(index * 8 + 4, true)];
    const jump = (holds: boolean) => program.getUint8(index * 8 + (holds ? 2 : 3));
    if (code === 0x20) word = data.getUint32(k, true);
    else if (code === 0x15) index += jump(word === k);
    else if (code === 0x25) index += jump(word > k);
    else if (code === 0x45) index += jump((word & k) !== 0);
    else if (code === 0x06) return k;
    else throw new Error(`instruction ${index} has the code ${code}`);
  }
  throw new Error('it ran off its end');
}
