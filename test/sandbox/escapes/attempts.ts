import { machine } from 'node:os';
import { forbidden, judged, missing, numbersOf } from '../../../components/sandbox/seccomp/calls.ts';
import { parseMachine } from '../../../components/sandbox/seccomp/filter.ts';
import type { World } from './world.ts';

/** Something a script tries. It exits with 0 where it has got out, and says why it was refused where it has not. */
export interface Attempt {
  readonly name: string;
  readonly script: string;
  /** What the refusal reads like; a program that is not there would be none. */
  readonly refused: RegExp;
}

const here = parseMachine(machine()) ?? 'x86_64';

const attempt = (name: string, script: string, refused: RegExp): Attempt => ({ name, script, refused });

const noFile = /No such file|cannot access|Not a directory/;
const readOnly = /Read-only file system|Permission denied|not permitted|No such file/;
const notPermitted = /not permitted|Permission denied|must be (superuser|root)|No permissions|cannot|failed/;

export function planAttempts(world: World): Attempt[] {
  return [...files(world), ...kernel(), ...processes(world), ...network(world), ...calls()];
}

function files({ secret, canary }: World): Attempt[] {
  const found = (where: string) => `cat ${where} | grep -q ${canary}`;
  return [
    attempt('read a file of the machine', found(secret), noFile),
    attempt('follow a link out of the checkout', found('link'), noFile),
    attempt('follow a folder out of the checkout', found('folder/secret'), noFile),
    attempt('climb out of the checkout', found(`/checkout/../..${secret}`), noFile),
    attempt(
      'by the root of the first process',
      found(`/proc/1/root${secret}`),
      /No such file|Permission denied/,
    ),
    attempt(
      'by the folder of the first process',
      found(`/proc/1/cwd${secret}`),
      /No such file|Permission denied/,
    ),
    attempt('by its own root', found(`/proc/self/root${secret}`), noFile),
    attempt('read the token in .git', found('.git/config'), noFile),
    attempt('uncover .git', 'umount .git', notPermitted),
    attempt('take the cover of .git away', 'rmdir .git', /Device or resource busy|Read-only/),
    attempt('write to the checkout', 'echo x >a.txt', readOnly),
    attempt('make a file in the checkout', 'touch new', readOnly),
    attempt('change the mode of its files', 'chmod 777 a.txt', readOnly),
    attempt(
      'link a file of it to a place that can be written',
      'ln a.txt /tmp/a',
      /cross-device|not permitted/,
    ),
    attempt('write a program of the system', 'cp /bin/true /usr/bin/git', readOnly),
    attempt('preload into all programs', 'echo /tmp/x.so >/etc/ld.so.preload', readOnly),
    attempt('become root in /etc/passwd', 'echo r::0:0::/:/bin/sh >>/etc/passwd', readOnly),
    attempt('write to the root', 'touch /x', readOnly),
    attempt('write to /dev', 'touch /dev/x', readOnly),
    attempt('read the memory of the machine', 'head -c 1 /dev/mem', noFile),
    attempt('read its log', 'head -c 1 /dev/kmsg', noFile),
    attempt('open its virtual machines', 'exec 9<>/dev/kvm', readOnly),
    attempt('open its file systems', 'exec 9<>/dev/fuse', readOnly),
    attempt('see its devices', 'ls /sys/class', noFile),
    attempt('see its disks', 'ls /dev/sda /dev/vda /dev/nvme0 /dev/dm-0', noFile),
    attempt('make a disk', 'mknod /tmp/disk b 8 0', notPermitted),
    attempt('speak to Docker', 'cat </run/docker.sock || cat </var/run/docker.sock', noFile),
    attempt('read keys of the runner', 'ls /root/.ssh /home /builds /var/lib', noFile),
    attempt(
      'fill the scratch folder',
      'head -c 1G /dev/zero >/tmp/big; r=$?; rm -f /tmp/big; exit $r',
      /No space/,
    ),
    attempt(
      'fill the shared memory',
      'head -c 1G /dev/zero >/dev/shm/big; r=$?; rm -f /dev/shm/big; exit $r',
      /No space/,
    ),
    attempt(
      'be root by the mode of a file',
      'cp /usr/bin/perl /tmp/p; chmod 4755 /tmp/p; /tmp/p -e \'$> == 0 or die "not permitted"\'',
      /not permitted/,
    ),
    attempt('be root by a file of the system', 'su -c true </dev/null', /su: |must be/),
  ];
}

function kernel(): Attempt[] {
  const write = (name: string, value: string) =>
    attempt(`write ${name}`, `echo '${value}' >/proc/${name}`, readOnly);
  return [
    // None of these values does harm where it is let through.
    write('sys/kernel/core_pattern', 'core'),
    write('sys/kernel/ns_last_pid', '100'),
    write('sys/kernel/hostname', 'x'),
    write('sys/vm/overcommit_memory', '0'),
    write('sys/fs/binfmt_misc/register', 'x'),
    write('sysrq-trigger', 'h'),
    write('self/uid_map', '0 0 1'),
    write('self/gid_map', '0 0 1'),
    attempt(
      'read the memory of the kernel',
      'head -c 4 /proc/kcore | grep -q ELF || { echo no ELF; false; }',
      /no ELF/,
    ),
    attempt('read its keys', 'grep . /proc/keys || { echo no keys; false; }', /no keys/),
    attempt('mount', 'mount -t tmpfs none /tmp', notPermitted),
    attempt('mount what is there elsewhere', 'mount --bind /usr /tmp', notPermitted),
    attempt('make the root writable', 'mount -o remount,rw /', notPermitted),
    attempt('mount another /proc', 'mount -t proc proc /tmp', notPermitted),
    attempt('change the root', 'chroot / true', notPermitted),
    attempt('a user namespace', 'unshare --user true', notPermitted),
    attempt('a user namespace with root in it', 'unshare --map-root-user true', notPermitted),
    attempt('a mount namespace', 'unshare --mount true', notPermitted),
    attempt('a network namespace', 'unshare --net true', notPermitted),
    attempt('another sandbox', 'bwrap --bind / / true', notPermitted),
    attempt('enter the namespaces of the first process', 'nsenter --target 1 --mount true', notPermitted),
    attempt('set the clock', 'date --set 2001-01-01', notPermitted),
    attempt('name the machine', 'hostname other', notPermitted),
    attempt('read the log of the kernel', 'dmesg', notPermitted),
    attempt(
      'have a capability',
      'grep -E "^Cap(Eff|Bnd|Prm|Inh|Amb).*[1-9a-f]" /proc/self/status || { echo no capability; false; }',
      /no capability/,
    ),
    attempt('become root', 'perl -e \'$> = 0; $< = 0; $> == 0 or die "not permitted"\'', /not permitted/),
    attempt(
      'become another user',
      'perl -e \'$> = 1000; $> == 1000 or die "not permitted"\'',
      /not permitted/,
    ),
  ];
}

function processes({ canary, number }: World): Attempt[] {
  const none = (name: string, script: string) =>
    attempt(name, `${script} || { echo nothing found; false; }`, /nothing found/);
  return [
    none('find a secret in its environment', `env | grep ${canary}`),
    none('find one in the environment of its parents', `cat /proc/[0-9]*/environ | grep -a ${canary}`),
    none(
      'find one in the arguments of a process',
      `cat /proc/[0-9]*/cmdline | grep -av grep | tr '\\0' '\\n' | grep -x '.*OUTSIDE.*'`,
    ),
    none(
      'find an open file of the job',
      'ls -l /proc/self/fd | grep -vE "(pipe:|/dev/null|/etc/sandbox|/proc/)" | grep -e "->"',
    ),
    attempt('look into the process that started it', `cat /proc/${number}/environ`, noFile),
    attempt('send that process a signal', `kill -CONT ${number}`, /No such process/),
    attempt('open the memory of the first process', 'exec 9<>/proc/1/mem', readOnly),
    attempt('run sooner', 'renice -n -5 -p $$', notPermitted),
    attempt('open more files', 'ulimit -Hn 100000', notPermitted),
    attempt('have more processes', 'ulimit -Hu 100000', notPermitted),
    attempt('leave a dump', 'ulimit -c 1', notPermitted),
    attempt(
      'type for whoever watches',
      'perl -e \'open my $t, "+<", "/dev/tty" or die "$!"; my $c = "x"; ioctl $t, 0x5412, $c or die "$!"\'',
      /No such device|not permitted|Inappropriate/,
    ),
    attempt(
      'type into its input',
      'perl -e \'my $c = "x"; ioctl STDIN, 0x5412, $c or die "$!"\'',
      /Inappropriate|not permitted|Bad file|Input\/output/,
    ),
  ];
}

function network({ port, abstract, path }: World): Attempt[] {
  const perl = (domain: number, rest = '') => `perl -e 'socket(my $s, ${domain}, 1, 0) or die "$!"; ${rest}'`;
  const connect = (address: string) =>
    `perl -MSocket -e 'socket(my $s, 1, 1, 0) or die "$!"; connect($s, pack_sockaddr_un(${address})) or die "$!"'`;
  const family = /Address family not supported/;
  return [
    attempt('reach this machine', `exec 9<>/dev/tcp/127.0.0.1/${port}`, family),
    attempt('reach the metadata of a cloud', 'exec 9<>/dev/tcp/169.254.169.254/80', family),
    attempt('ask for a name', 'getent hosts example.com || { echo no name; false; }', /no name/),
    attempt('ask for a name by UDP', 'exec 9<>/dev/udp/1.1.1.1/53', family),
    ...[2, 10, 16, 17, 31, 38, 40, 44].map((domain) =>
      attempt(`a socket of family ${domain}`, perl(domain), family),
    ),
    attempt('a socket of this machine without a name', connect(`"\\0${abstract}"`), /Connection refused/),
    attempt('a socket of this machine by its name', connect(`"${path}"`), noFile),
    attempt('a broker that was not given', connect('"/run/broker.sock"'), noFile),
  ];
}

/** Every call that the filter refuses, by its number. */
function calls(): Attempt[] {
  const call = (name: string, number: number, argument = 0) =>
    attempt(
      name,
      `perl -e 'syscall(${number}, ${argument}, 0, 0, 0, 0) == -1 or exit 0; die "$!"'`,
      /not permitted|not implemented/,
    );
  const all = { ...forbidden, ...missing };
  const numbers = Object.keys(all).flatMap((name) => {
    const [number] = numbersOf({ [name]: all[name] ?? [undefined, undefined] }, here);
    return number === undefined ? [] : [call(`the call ${name}`, number)];
  });
  const [clone = 0] = numbersOf({ clone: judged.clone }, here);
  const flags = {
    mount: 0x2_0000,
    cgroup: 0x200_0000,
    user: 0x1000_0000,
    pid: 0x2000_0000,
    net: 0x4000_0000,
  };
  const clones = Object.entries(flags).map(([name, flag]) =>
    call(`a ${name} namespace by clone`, clone, flag | 17),
  );
  return [...numbers, ...clones];
}
