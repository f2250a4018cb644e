import * as fs from 'node:fs/promises';
import { runsInGitLab, serverCertificates } from '../../components/gitlab/ci-context.ts';
import type { Settings } from '../../components/kernel/cli.ts';
import type { Clock, Context } from '../../components/kernel/context.ts';
import { createLog, type LogFormat } from '../../components/kernel/log.ts';
import { createRedactor } from '../../components/kernel/redact.ts';

/** What of the process a context is made from; a test gives its own. */
export interface ProcessPort {
  readonly env: Context['env'];
  readonly cwd: string;
  readonly cancel: AbortSignal;
  readonly broker?: Context['broker'];
  readonly terminal: boolean;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Makes the context of one command. */
export function createContext(settings: Settings, port: ProcessPort): Context {
  const redact = createRedactor(settings.secrets);
  const clock = createClock(port.cancel);
  let send: Promise<Context['fetch']> | undefined;
  return {
    env: withAuthority(port.env),
    cwd: port.cwd,
    cancel: port.cancel,
    broker: port.broker,
    clock,
    fs,
    redact,
    // Lazily: most runs start no program, and Node's child_process takes milliseconds to load.
    exec: async (...call) => (await import('./exec.ts')).createExec(port.cancel)(...call),
    // And few speak to the network.
    fetch: async (...call) => {
      send ??= import('./fetch.ts').then(({ createFetch }) => createFetch(port.env));
      return (await send)(...call);
    },
    listen: async (...call) => (await import('./listen.ts')).listen(...call),
    print: (text) => port.stdout(redact(text)),
    log: createLog({
      format: formatOf(settings, port.env),
      color: port.terminal && (port.env.NO_COLOR ?? '') === '',
      debug: settings.debug,
      now: clock.now,
      write: port.stderr,
      redact,
    }),
  };
}

/** Git trusts whom the other clients trust: the authority of GitLab's server, where the runner names its file. */
function withAuthority(env: Context['env']): Context['env'] {
  const { file = '' } = serverCertificates(env);
  return file === '' || env.GIT_SSL_CAINFO !== undefined ? env : { ...env, GIT_SSL_CAINFO: file };
}

function formatOf(settings: Settings, env: Context['env']): LogFormat {
  if (settings.log !== 'auto') return settings.log;
  return runsInGitLab(env) ? 'gitlab' : 'human';
}

function createClock(cancel: AbortSignal): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, ended) =>
      new Promise((resolve, reject) => {
        const signal = ended === undefined ? cancel : AbortSignal.any([cancel, ended]);
        const stop = () => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', stop);
          resolve();
        }, milliseconds);
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }),
  };
}
