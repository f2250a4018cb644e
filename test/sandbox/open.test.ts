import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../components/sandbox/create.ts';
import { workspace } from '../support/workspace.ts';
import { cancellable, processesWith, rung, sandbox, titled } from './real.ts';
import { limits } from './support.ts';

async function open(script: string, change: Partial<typeof limits> = {}, box = sandbox) {
  const pieces: Buffer[] = [];
  let heard = () => {};
  const running = await box.open(
    { root: workspace(), command: ['bash', '-c', script], env: {}, limits: { ...limits, ...change } },
    (bytes) => {
      pieces.push(Buffer.from(bytes));
      heard();
    },
  );
  const text = () => Buffer.concat(pieces).toString();
  /** Resolves when it has said this. */
  const saying = async (wanted: string) => {
    while (!text().includes(wanted))
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
  };
  return { ...running, text, saying };
}

describe.skipIf(rung === 'none')(titled('a program that is spoken with'), () => {
  test('answers while it runs, and ends when nothing more is said', async () => {
    const running = await open('while IFS= read -r line; do echo "<$line>"; done; echo end >&2; exit 4');
    running.write('ä\n');
    await running.saying('<ä>');
    running.write('two\nthr');
    running.write('ee\n');
    await running.saying('<three>');
    await running.close();
    expect(await running.ended).toEqual({ exitCode: 4, stdout: '', stderr: 'end\n' });
    running.write('after its end\n');
    expect(running.text()).toBe('<ä>\n<two>\n<three>\n');
  });

  test('is as shut in as any other', async () => {
    const running = await open(
      'id -u; ls /checkout; cat /proc/net/route | wc -l; echo $HOME; readlink /proc/self/fd/0',
    );
    await running.ended;
    expect(running.text()).toMatch(/^65534\n1\n\/tmp\nsocket:/);
  });

  test('is killed where it does not end by itself, with all it has started', async () => {
    const marker = `sleep 61.${process.pid}`;
    const running = await open(`${marker} & trap '' TERM; echo up; while :; do ${marker}; done`);
    await running.saying('up');
    await running.close();
    expect(processesWith(marker.replace(' ', '\0'))).toEqual([]);
    await expect(running.ended).rejects.toThrow('it was closed');
  });

  test('is held to its limits for all of its life', async () => {
    const flood = await open('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', {
      output: 10_000,
    });
    expect(await flood.ended).toMatchObject({ exitCode: null, exceeded: 'output' });
    const slow = await open('read -r line', { timeout: 300 });
    expect(await slow.ended).toMatchObject({ exitCode: null, exceeded: 'timeout' });
  });

  test('ends with the command', async () => {
    const { context, cancel } = cancellable();
    const running = await open('echo up; cat', {}, createSandbox(context));
    await running.saying('up');
    cancel.abort(new Error('cancelled'));
    await expect(running.ended).rejects.toThrow('cancelled');
    await running.close();
  });
});
