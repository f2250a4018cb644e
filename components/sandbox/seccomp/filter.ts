import { assemble, type Instruction } from './assemble.ts';
import { forbidden, judged, lastKnown, type Machine, missing, numbersOf } from './calls.ts';

/** `AUDIT_ARCH_*` of include/uapi/linux/audit.h: ELF machine, 64 bit, little-endian. */
const architectures: Readonly<Record<Machine, number>> = {
  x86_64: 0xc000_003e,
  aarch64: 0xc000_00b7,
};

/** Where things lie in `struct seccomp_data`; of an argument the lower half, little-endian. */
const offsets = { number: 0, architecture: 4, firstArgument: 16 } as const;

/** `SECCOMP_RET_*` of include/uapi/linux/seccomp.h, and errors of include/uapi/asm-generic/errno*.h. */
const refuse = (error: number) => 0x0005_0000 | error;
const verdicts = {
  kill: 0x8000_0000, // SECCOMP_RET_KILL_PROCESS
  allow: 0x7fff_0000,
  forbidden: refuse(1), // EPERM
  missing: refuse(38), // ENOSYS
  family: refuse(97), // EAFNOSUPPORT
} as const;

/** CLONE_NEW* of include/uapi/linux/sched.h: mount, cgroup, UTS, IPC, user, process and network namespace. */
const newNamespace = 0x7e02_0000;

const unixFamily = 1;

/** The machine of that name, or undefined where we have no numbers and so no filter. */
export function parseMachine(name: string): Machine | undefined {
  return Object.keys(architectures).find((machine): machine is Machine => machine === name);
}

/**
 * The seccomp filter of the sandbox as `bwrap --seccomp` reads it. Calls of another architecture (32 bit by `int 0x80`)
 * kill; numbers above the last known do not exist, and those of x32, which begin at 2^30, are among them.
 */
export function createFilter(machine: Machine): Uint8Array {
  const to = (mark: string, numbers: readonly number[]) =>
    numbers.map((value): Instruction => ({ op: 'whenEqual', value, to: mark }));
  return assemble([
    { op: 'load', offset: offsets.architecture },
    { op: 'whenEqual', value: architectures[machine], to: 'known' },
    { op: 'return', value: verdicts.kill },
    { op: 'mark', name: 'known' },
    { op: 'load', offset: offsets.number },
    { op: 'whenAbove', value: lastKnown, to: 'missing' },
    ...to('missing', numbersOf(missing, machine)),
    ...to('clone', numbersOf({ clone: judged.clone }, machine)),
    ...to('socket', numbersOf({ socket: judged.socket, socketpair: judged.socketpair }, machine)),
    ...to('forbidden', numbersOf(forbidden, machine)),
    { op: 'return', value: verdicts.allow },
    { op: 'mark', name: 'clone' },
    // Flags and family are 32 bits wide to the kernel as well: what stands in the upper half, it does not look at.
    { op: 'load', offset: offsets.firstArgument },
    { op: 'whenAny', value: newNamespace, to: 'forbidden' },
    { op: 'return', value: verdicts.allow },
    { op: 'mark', name: 'socket' },
    { op: 'load', offset: offsets.firstArgument },
    { op: 'whenEqual', value: unixFamily, to: 'allow' },
    { op: 'return', value: verdicts.family },
    { op: 'mark', name: 'allow' },
    { op: 'return', value: verdicts.allow },
    { op: 'mark', name: 'forbidden' },
    { op: 'return', value: verdicts.forbidden },
    { op: 'mark', name: 'missing' },
    { op: 'return', value: verdicts.missing },
  ]);
}
