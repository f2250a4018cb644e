import type { Cover, ShownRoot } from './shown-root.ts';

/**
 * What programs need of `/usr`, read-only. Nothing else is shown: some images keep checkouts in `/usr/src`. A Node that
 * lies elsewhere, such as that of the npm package `node`, is not there: scripts use what `/usr` has.
 */
export const shownOfUsr = [
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'libexec',
  'share',
  'include',
  'local',
];

/** Descriptors that bubblewrap reads from and writes to; none reaches the script. */
export const descriptors = { status: 3, filter: 4, environment: 5, input: 6, users: 7, groups: 8 } as const;

/** Files inside that hold what the script is started with, so that no argument of a process shows it to others. */
export const startFiles = { environment: '/etc/sandbox/environment', input: '/etc/sandbox/input' } as const;

/** The made `/etc`: whoever asks for its user finds one. */
export const etc = {
  users: 'nobody:x:65534:65534:nobody:/tmp:/usr/sbin/nologin\n',
  groups: 'nogroup:x:65534:\n',
} as const;

/** Where a program finds the broker, if it is shown one. */
export const brokerSocket = '/run/broker.sock';

/** POSIX semaphores live here, and little else. */
const sharedMemory = 16 * 1024 * 1024;

// Without --unshare-user, bubblewrap that runs as root and is denied user namespaces runs the program unconfined.
const confinement = [
  ...['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL'],
  ...['--uid', '65534', '--gid', '65534', '--new-session', '--die-with-parent'],
  ...['--hostname', 'sandbox', '--clearenv'],
];

export interface Layout {
  /** Undefined for an empty `/checkout`. */
  readonly root: ShownRoot | undefined;
  /** Bytes of `/tmp`. */
  readonly scratch: number;
  /** Files of `/proc` that are covered. */
  readonly hidden: readonly string[];
  /** A socket that is shown, without links; none is. */
  readonly socket?: string;
}

/**
 * Arguments of bubblewrap up to the command. Whoever starts it owns every file that is made inside, so each file system
 * that nothing limits the size of is read-only in the end; `/tmp` and `/dev/shm` stay writable.
 */
export function planArguments({ root, scratch, hidden, socket }: Layout): string[] {
  const fd = (name: keyof typeof descriptors) => String(descriptors[name]);
  return [
    ...['--json-status-fd', fd('status'), '--seccomp', fd('filter')],
    ...confinement,
    ...shownOfUsr.flatMap((name) => ['--ro-bind-try', `/usr/${name}`, `/usr/${name}`]),
    ...['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--file', fd('users'), '/etc/passwd', '--file', fd('groups'), '/etc/group'],
    // Links into /usr, without which awk is none; and where its libraries are.
    ...['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
    ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    ...['--file', fd('environment'), startFiles.environment, '--file', fd('input'), startFiles.input],
    ...['--proc', '/proc', ...hidden.flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`])],
    ...['--remount-ro', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', String(sharedMemory), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--perms', '1777', '--size', String(scratch), '--tmpfs', '/tmp'],
    ...(root === undefined ? ['--dir', '/checkout'] : ['--ro-bind', root.source, '/checkout']),
    ...(root?.covers ?? []).flatMap(planCover),
    ...(socket === undefined ? [] : ['--dir', '/run', '--ro-bind', socket, brokerSocket]),
    ...['--remount-ro', '/', '--chdir', '/checkout'],
  ];
}

function planCover({ path, folder }: Cover): string[] {
  if (!folder) return ['--ro-bind', '/dev/null', path];
  return ['--perms', '0555', '--size', '4096', '--tmpfs', path, '--remount-ro', path];
}
