/** A machine we know the numbers of, as `uname -m` calls it. */
export type Machine = 'x86_64' | 'aarch64';

/** Number of a system call on x86-64 and on arm64; undefined where the machine has none. */
type Numbers = readonly [x86: number | undefined, arm: number | undefined];

/**
 * Numbers from the kernel's tables, which never change once given: arch/x86/entry/syscalls/syscall_64.tbl and, for arm64,
 * scripts/syscall.tbl (include/uapi/asm-generic/unistd.h before Linux 6.11). From 424 on both have the same.
 */
export type CallTable = Readonly<Record<string, Numbers>>;

/** The last one of Linux 6.17, `file_setattr`: what came later has not been looked at, and does not exist inside. */
export const lastKnown = 469;

/** Forbidden whatever their arguments are. Most need capabilities that nobody has inside; a defect in one needs none. */
export const forbidden: CallTable = {
  // Other processes' memory and state.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  perf_event_open: [298, 241],
  // Programs in the kernel, and kernels.
  bpf: [321, 280],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  userfaultfd: [323, 282],
  lookup_dcookie: [212, 18],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  // Files by handle go around every mount; watching whole file systems.
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  // Key rings belong to a user, and no namespace parts them.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // The machine.
  reboot: [169, 142],
  syslog: [103, 116],
  acct: [163, 89],
  swapon: [167, 224],
  swapoff: [168, 225],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  modify_ldt: [154, undefined],
  personality: [135, 92],
  // Placing memory on the machine's nodes, and memory that no limit of a process counts.
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  shmget: [29, 194],
  memfd_secret: [447, 447],
};

/** Said not to exist, so that programs take the older way they know. */
export const missing: CallTable = {
  // Its flags lie in memory, where a filter cannot look; C libraries fall back to clone.
  clone3: [435, 435],
  // A file in memory that no limit counts; programs fall back to a file in /tmp, which has a size.
  memfd_create: [319, 279],
};

/** Judged by their first argument. */
export const judged = {
  clone: [56, 220],
  socket: [41, 198],
  socketpair: [53, 199],
} as const satisfies CallTable;

/** Numbers of a table's calls on a machine. */
export function numbersOf(table: CallTable, machine: Machine): number[] {
  const column = machine === 'x86_64' ? 0 : 1;
  return Object.values(table).flatMap((numbers) => numbers[column] ?? []);
}
