import { spawnSync } from 'node:child_process';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { exhausting, makeWorld, tryAll, tryExhausting } from '../../sandbox/escapes/world.ts';
import { limits } from '../../sandbox/support.ts';
import { closeAll } from '../../support/at-end.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { type Figure, figure } from '../figure.ts';

const starts = 60;

/** Escapes of this kernel and rung, what a start costs, and what runs where namespaces are denied. */
export async function measureSandbox(): Promise<readonly Figure[]> {
  try {
    return [await measureEscapes(), await measureStart(), await measureDenied()];
  } finally {
    await closeAll();
  }
}

async function measureEscapes(): Promise<Figure> {
  const tried = await tryAll(await makeWorld());
  const others = tried.filter(({ outcome }) => outcome !== 'refused');
  for (const { name, outcome, said } of others) process.stderr.write(`${outcome}: ${name}: ${said}\n`);
  let held = 0;
  for (const one of exhausting) {
    const result = await tryExhausting(one);
    if (one.ends(result)) held += 1;
    else process.stderr.write(`not held: ${one.name}: ${JSON.stringify(result).slice(0, 300)}\n`);
  }
  return figure({
    ...{ id: 'sandbox-escapes', value: others.length + exhausting.length - held, unit: 'attempts' },
    ...{ better: 'lower', goal: 0 },
    against: `${tried.length} refused for their reason expected, ${exhausting.length} that exhaust ended by their limit`,
  });
}

/** Bubblewrap by itself, with what its namespaces alone take: what nothing that is built on it can be below. */
const bare = [
  ...['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--new-session'],
  ...['--die-with-parent', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/lib', '/lib'],
  ...['--symlink', 'usr/lib64', '/lib64', '--symlink', 'usr/bin', '/bin', '--proc', '/proc', '--dev', '/dev'],
  ...['--tmpfs', '/tmp', '--', '/usr/bin/bash', '--norc', '-c', 'exec true'],
];

/** What a script costs above the same started without a sandbox, and bubblewrap by itself, in turn. */
async function measureStart(): Promise<Figure> {
  const sandbox = createSandbox(testContext('/'));
  await sandbox.state();
  const root = workspace();
  const times: Record<'ours' | 'bare' | 'plain', number[]> = { ours: [], bare: [], plain: [] };
  const timed = async (kind: keyof typeof times, start: () => unknown) => {
    const started = performance.now();
    await start();
    times[kind].push(performance.now() - started);
  };
  for (let round = 0; round < starts; round += 1) {
    await timed('ours', () => sandbox.run({ root, command: ['true'], env: {}, input: '', limits }));
    await timed('bare', () => spawnSync('bwrap', bare));
    await timed('plain', () => spawnSync('/usr/bin/bash', ['--norc', '-c', 'exec true']));
  }
  const at = (kind: keyof typeof times, share: number) =>
    times[kind].toSorted((one, other) => one - other)[Math.ceil(share * starts) - 1] ?? Number.NaN;
  const plain = at('plain', 0.5);
  const over = (kind: 'ours' | 'bare', share: number) => at(kind, share) - plain;
  const inWords = (kind: 'ours' | 'bare') =>
    `${over(kind, 0.5).toFixed(1)} and ${over(kind, 0.95).toFixed(1)} ms`;
  return figure({
    ...{ id: 'sandbox-start-p95', value: over('ours', 0.95), unit: 'ms', better: 'lower', goal: 15 },
    against: `median and p95 over bash's own ${plain.toFixed(1)} ms: ${inWords('ours')}; bubblewrap by itself ${inWords('bare')}; ${starts} starts`,
  });
}

/** In a namespace that may make no others: as in a container that denies them. */
async function measureDenied(): Promise<Figure> {
  const root = workspace();
  const script = `
    import { createSandbox } from ${JSON.stringify(import.meta.resolve('../../../components/sandbox/create.ts'))};
    import { testContext } from ${JSON.stringify(import.meta.resolve('../../support/cli.ts'))};
    const sandbox = createSandbox(testContext('/'));
    const codes = [];
    for (let tried = 0; tried < 20; tried += 1)
      codes.push(await sandbox.run({ root: ${JSON.stringify(root)}, command: ['touch', '/tmp/ran'], env: {}, input: '', limits: ${JSON.stringify(limits)} })
        .then(() => 'ran', (error) => error.code));
    console.log(JSON.stringify(codes));`;
  const around = [
    '--bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--unshare-user',
    '--disable-userns',
    '--unshare-pid',
  ];
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync('bwrap', [...around, ...node], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const codes: string[] = JSON.parse(stdout);
  const refused = codes.filter((code) => code === 'SANDBOX_UNAVAILABLE').length;
  return figure({
    ...{
      id: 'sandbox-denied-refused',
      value: (100 * refused) / codes.length,
      unit: '%',
      better: 'higher',
      goal: 100,
    },
    against: `${codes.length} starts in a namespace that may make none`,
  });
}
