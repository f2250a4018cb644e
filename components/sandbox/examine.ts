import type { Context } from '../kernel/context.ts';
import { createSandbox } from './create.ts';
import { createFilter, parseMachine } from './seccomp/filter.ts';
import type { Rung, SandboxLimits } from './types.ts';

/** What a machine gives to shut scripts in, and what keeps it from that. */
export interface Examined {
  readonly rung: Rung;
  /** Why the rung is none, with what to do about it. */
  readonly reason?: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What the owner of the runner does about settings that stand in the way; empty where none is seen to. */
  readonly remedies: readonly string[];
  /** Milliseconds from the call of an empty script to its end; undefined where none runs. */
  readonly start?: { readonly median: number; readonly p95: number; readonly runs: number };
}

const limits: SandboxLimits = {
  ...{ timeout: 20_000, output: 10_000, scratch: 1_000_000, processes: 16, memory: 128 * 1024 * 1024 },
};

const runs = 20;

/** Settings of the kernel that keep users from making namespaces, the value that does, and the cure. */
const settings = [
  {
    file: '/proc/sys/user/max_user_namespaces',
    name: 'user.max_user_namespaces',
    isBad: (value: string) => value === '0',
    remedy: 'on the host: sysctl -w user.max_user_namespaces=15000',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    name: 'kernel.unprivileged_userns_clone',
    isBad: (value: string) => value === '0',
    remedy: 'on the host: sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    name: 'kernel.apparmor_restrict_unprivileged_userns',
    isBad: (value: string) => value !== '0',
    remedy:
      'on the host: an AppArmor profile for bwrap with `userns,`, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
] as const;

/** Looks at this machine, and starts a few empty scripts where that can be done. */
export async function examine(context: Context): Promise<Examined> {
  const sandbox = createSandbox(context);
  const { rung, reason } = await sandbox.state();
  const read = (file: string) =>
    context.fs.readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    );
  const first = async (program: string, flag: string) => {
    const done = context.exec(program, [flag], { cwd: '/', env: { PATH: context.env.PATH ?? '' } });
    return done.then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  };
  const machine = (await first('uname', '-m')) ?? 'unknown';
  const known = parseMachine(machine);
  const values = await Promise.all(settings.map(({ file }) => read(file)));
  const status = (await read('/proc/self/status')) ?? '';
  const filtered = /^Seccomp:\s*2$/m.test(status);
  const facts = [
    { name: 'kernel', value: (await read('/proc/sys/kernel/osrelease')) ?? 'unknown' },
    { name: 'machine', value: machine },
    {
      name: 'seccomp filter',
      value: known === undefined ? 'none' : `${createFilter(known).length / 8} instructions`,
    },
    { name: 'bubblewrap', value: (await first('bwrap', '--version')) ?? 'not installed' },
    { name: 'user', value: /^Uid:\s*(\d+)/m.exec(status)?.[1] ?? 'unknown' },
    { name: 'filter around this job', value: filtered ? 'yes' : 'no' },
    ...settings.flatMap(({ name }, index) => {
      const value = values[index];
      return value === undefined ? [] : [{ name, value }];
    }),
  ];
  if (rung === 'namespaces') return { rung, facts, remedies: [], start: await timeStarts(context, sandbox) };
  const remedies = settings.flatMap(({ isBad, remedy }, index) => {
    const value = values[index];
    return value !== undefined && isBad(value) ? [remedy] : [];
  });
  const container = filtered && known !== undefined ? [aroundContainers] : [];
  return { rung, ...(reason === undefined ? {} : { reason }), facts, remedies: [...remedies, ...container] };
}

const aroundContainers =
  'the container has a seccomp filter of its own: of a GitLab runner with Docker, security_opt = ["seccomp=<profile that allows clone, unshare, mount, umount2 and pivot_root>", "systempaths=unconfined"] under [runners.docker]; in Kubernetes a Localhost profile like it and procMount: Unmasked';

async function timeStarts(context: Context, sandbox: ReturnType<typeof createSandbox>) {
  const root = await context.fs.mkdtemp(`${context.env.TMPDIR ?? '/tmp'}/pipewright-doctor-`);
  try {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const started = context.clock.monotonic();
      await sandbox.run({ root, command: ['true'], env: {}, input: '', limits });
      times.push(context.clock.monotonic() - started);
    }
    const sorted = times.toSorted((one, other) => one - other);
    const at = (share: number) => Math.round((sorted[Math.ceil(share * runs) - 1] ?? 0) * 10) / 10;
    return { median: at(0.5), p95: at(0.95), runs };
  } finally {
    await context.fs.rm(root, { recursive: true, force: true });
  }
}

/** In lines for people. */
export function renderExamined({ rung, reason, facts, remedies, start }: Examined): string {
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    `sandbox: ${rung}${rung === 'none' ? ', so no script of a repository runs here; agents without scripts do' : ''}`,
    ...(reason === undefined ? [] : [`why: ${reason}`]),
    ...remedies.map((remedy) => `remedy: ${remedy}`),
    ...facts.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    ...(start === undefined
      ? []
      : [
          `  ${'start and end'.padEnd(width)}  ${start.median} ms, 95 % within ${start.p95} ms (${start.runs} runs)`,
        ]),
    '',
  ].join('\n');
}
