import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forbidden, judged, lastKnown, missing, numbersOf } from '../../components/sandbox/seccomp/calls.ts';
import { parseMachine } from '../../components/sandbox/seccomp/filter.ts';
import { workspace } from '../support/workspace.ts';
import { bash, rung, titled } from './real.ts';

/** Makes each call with those arguments, and prints the number of its error, or 0. Perl is part of every Debian. */
const perl = `
  use strict; no warnings;
  while (my $line = <STDIN>) {
    my ($number, @arguments) = map { 0 + $_ } split ' ', $line;
    $! = 0;
    my $result = syscall($number, @arguments, (0) x (5 - @arguments));
    print $result == -1 ? 0 + $! : 0, "\\n";
  }`;

const here = parseMachine(machine()) ?? 'x86_64';
const canCall = rung !== 'none' && existsSync('/usr/bin/perl');
const title = rung === 'none' || canCall ? titled('the kernel') : 'the kernel (skipped: needs /usr/bin/perl)';

async function call(calls: readonly (readonly number[])[]): Promise<number[]> {
  const input = calls.map((call) => `${call.join(' ')}\n`).join('');
  const result = await bash('perl -e "$PERL"', { env: { PERL: perl }, input });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout.trim().split('\n').map(Number);
}

const [eperm, enosys, eafnosupport] = [1, 38, 97];

describe.skipIf(!canCall)(title, () => {
  const [clone = 0] = numbersOf({ clone: judged.clone }, here);
  const [socket = 0] = numbersOf({ socket: judged.socket }, here);
  const [socketpair = 0] = numbersOf({ socketpair: judged.socketpair }, here);

  test('refuses every forbidden call', async () => {
    const numbers = numbersOf(forbidden, here);
    const errors = await call(numbers.map((number) => [number]));
    expect(errors).toEqual(numbers.map(() => eperm));
  });

  test('does not know others: clone3, memfd_create, those that came later and those of x32', async () => {
    const unknown = [...numbersOf(missing, here), lastKnown + 1, 600, 0x4000_0000 + 39, 0x4000_0000 + 520];
    expect(await call(unknown.map((number) => [number]))).toEqual(unknown.map(() => enosys));
  });

  test('makes no namespace by clone, whatever else is asked for', async () => {
    const namespaces = [0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000];
    // With SIGCHLD, as fork has it.
    expect(await call(namespaces.map((flag) => [clone, flag | 17]))).toEqual(namespaces.map(() => eperm));
  });

  test('has sockets of this machine only', async () => {
    const [unix, inet, inet6, netlink, packet, vsock, alg] = [1, 2, 10, 16, 17, 40, 38];
    expect(await call([[socket, unix, 1]])).toEqual([0]);
    const others = [inet, inet6, netlink, packet, vsock, alg].flatMap((family) => [
      [socket, family, 1],
      [socketpair, family, 1],
    ]);
    expect(await call(others)).toEqual(others.map(() => eafnosupport));
  });

  test('lets programs do what they need', async () => {
    const script =
      'perl -e \'my $p = fork; if (!$p) { exit 3 } waitpid $p, 0; print $? >> 8; pipe(my $r, my $w) or die; print "ok"\'; (echo sub) | cat; sort --parallel=2 <<<b';
    expect(await bash(script)).toEqual({ exitCode: 0, stdout: '3oksub\nb\n', stderr: '' });
  });
});

describe.skipIf(rung === 'none')(titled('tools of root'), () => {
  test.each([
    'unshare -U true',
    'unshare -r true',
    'unshare -m true',
    'mount -t tmpfs none /tmp',
    'umount /proc',
    'mount --bind /usr /tmp',
    'chroot / true',
    'nsenter -t 1 -m true',
    'dmesg',
    'hostname other',
    'su -c true',
    'mknod /tmp/null c 1 3',
    'chown 0 /tmp',
    'cp /bin/true /tmp/x && chmod 4755 /tmp/x && chown 0 /tmp/x',
  ])('%s', async (command) => {
    expect((await bash(command)).exitCode).not.toBe(0);
  });
});

/** A program of 64 bits that makes a call of 32 bits, getpid by `int 0x80`, and then ends with 0. */
function oldCall(): Buffer {
  const code = [0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05];
  const bytes = Buffer.alloc(120 + code.length);
  const address = 0x40_0000n;
  // elf(5): header and one segment that is read and executed.
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  for (const [offset, value] of [
    [16, 2],
    [18, 62],
    [52, 64],
    [54, 56],
    [56, 1],
  ] as const)
    bytes.writeUInt16LE(value, offset);
  for (const [offset, value] of [
    [20, 1],
    [64, 1],
    [68, 5],
  ] as const)
    bytes.writeUInt32LE(value, offset);
  for (const [offset, value] of [
    [24, address + 120n],
    [32, 64n],
    [80, address],
    [88, address],
    [96, BigInt(bytes.length)],
    [104, BigInt(bytes.length)],
    [112, 4096n],
  ] as const)
    bytes.writeBigUInt64LE(value, offset);
  bytes.set(code, 120);
  return bytes;
}

test.skipIf(rung === 'none' || here !== 'x86_64' || machine() !== 'x86_64')(
  titled('a call of 32 bits kills (x86_64 only)'),
  async () => {
    const root = workspace();
    writeFileSync(join(root, 'old'), oldCall());
    chmodSync(join(root, 'old'), 0o755);
    // 128 + SIGSYS; or SIGSEGV of a kernel that was made without 32 bit calls.
    expect([159, 139]).toContain((await bash('exec ./old', { root })).exitCode);
  },
);
