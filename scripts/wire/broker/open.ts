import { join } from 'node:path';
import { Agent, fetch as send } from 'undici';
import type { Context } from '../../../components/kernel/context.ts';
import { parseAllowList } from '../../../components/sandbox/broker/allow-list.ts';
import { errors } from '../../../components/sandbox/broker/errors.ts';
import { partEnvironment } from '../../../components/sandbox/broker/key-names.ts';
import { assertServer } from '../../../components/sandbox/broker/mcp-endpoint.ts';
import type { Broker, BrokerRecord, BrokerSettings } from '../../../components/sandbox/broker/types.ts';
import { assertUpstreams, pathBelow } from '../../../components/sandbox/broker/upstream-url.ts';
import { type BrokerCode, mark, reasonOf } from './answer.ts';
import { sockets } from './serve.ts';
import { planBroker } from './start.ts';
import type { Keyed } from './state.ts';

/** Milliseconds until a broker listens; on a busy machine Node starts slowly. */
const startWithin = 20_000;

/**
 * Opens the broker that has this process's keys, or starts one that takes those of the environment. Where it is gone nothing
 * is sent. Whether a key is missing is for who asks to say. @throws BROKER_SETTINGS, BROKER_GONE
 */
export async function openBroker(context: Context, settings: BrokerSettings): Promise<Broker> {
  assertUpstreams(settings.upstreams);
  parseAllowList(settings.allow);
  for (const server of settings.servers ?? []) assertServer(server);
  const folder = context.broker?.folder ?? (await startBroker(context));
  const ask = connect(context, join(folder, sockets.control));
  const close = async () => {
    await ask.send('/end', { method: 'POST' }).catch(() => undefined);
    await ask.close();
    // One that was killed has left it.
    await context.fs.rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  let keyed: Keyed;
  try {
    await waitFor(context, folder);
    const answer = await ask.send('/settings', { method: 'POST', body: JSON.stringify(settings) });
    keyed = (await answer.json()) as Keyed;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...keyed,
    socketPath: join(folder, sockets.egress),
    send: async (url, init, id) => {
      const upstreams = settings.upstreams.filter((upstream) => id === undefined || upstream.id === id);
      for (const upstream of upstreams) {
        const path = pathBelow(upstream, url);
        if (path !== undefined) return ask.send(`/model/${upstream.id}/${path}`, init);
      }
      const expected = upstreams.map(({ baseUrl }) => baseUrl).join(' or ');
      throw errors.UPSTREAM({ url: context.redact(url.replace(/[?#].*/s, '')), expected });
    },
    fetch: (url, init) => ask.send(`/fetch?url=${encodeURIComponent(url)}`, init),
    call: (server, init) => ask.send(`/mcp/${server}`, init),
    records: async () => (await (await ask.send('/records', {})).json()) as BrokerRecord[],
    close,
  };
}

/** It ends with this command; its end is waited for by nobody, since it takes its folder away itself. */
async function startBroker(context: Context): Promise<string> {
  const { program, args, env, folder } = await planBroker(context.env);
  const input = JSON.stringify(partEnvironment(context.env).keys);
  context.exec(program, args, { cwd: '/', env, input }).catch(() => undefined);
  return folder;
}

/** The second socket is made ready last. */
async function waitFor(context: Context, folder: string): Promise<void> {
  const end = context.clock.monotonic() + startWithin;
  const modeOf = (path: string) =>
    context.fs.stat(path).then(
      ({ mode }) => mode & 0o777,
      () => undefined,
    );
  while ((await modeOf(join(folder, sockets.egress))) !== 0o600) {
    if ((await modeOf(folder)) === undefined) throw errors.GONE({ reason: 'it has ended' });
    if (context.clock.monotonic() > end)
      throw errors.GONE({ reason: `it does not listen after ${startWithin} ms` });
    await context.clock.sleep(3);
  }
}

interface Connection {
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

function connect({ cancel }: Context, socketPath: string): Connection {
  // How long an answer may take is for who asks to say.
  const dispatcher = new Agent({
    connect: { socketPath },
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send: async (path, init = {}) => {
      const options = { ...init, redirect: 'manual', dispatcher } as object;
      const answer = (await send(`http://broker${path}`, options).catch((error: unknown) => {
        cancel.throwIfAborted();
        init.signal?.throwIfAborted();
        throw errors.GONE({ reason: reasonOf(error) }, error);
      })) as unknown as Response;
      const code = answer.headers.get(mark);
      if (code === null) return answer;
      throw await failureOf(code as BrokerCode, answer);
    },
    close: () => dispatcher.destroy(),
  };
}

async function failureOf(code: BrokerCode, answer: Response): Promise<Error> {
  const facts = await answer.json();
  // They are its cause, too: whoever asks again goes by them.
  return errors[code](facts as never, facts);
}
