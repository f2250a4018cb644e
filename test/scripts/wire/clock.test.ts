import { expect, test } from 'vitest';
import { createContext } from '../../../scripts/wire/context.ts';

function clockOf(cancel: AbortSignal) {
  const settings = { log: 'human', debug: false, secrets: [] } as const;
  const silent = () => undefined;
  const port = { env: {}, cwd: '/', cancel, terminal: false, stdout: silent, stderr: silent };
  return createContext(settings, port).clock;
}

test('a sleep ends when its time has come, when the command is cancelled, or for its own signal', async () => {
  const command = new AbortController();
  const own = new AbortController();
  const clock = clockOf(command.signal);
  await expect(clock.sleep(1, own.signal)).resolves.toBeUndefined();
  const [first, second] = [clock.sleep(60_000, own.signal), clock.sleep(60_000, own.signal)];
  own.abort('enough');
  await expect(first).rejects.toBe('enough');
  await expect(second).rejects.toBe('enough');
  await expect(clock.sleep(60_000, own.signal)).rejects.toBe('enough');
  const third = clock.sleep(60_000, new AbortController().signal);
  command.abort('SIGTERM');
  await expect(third).rejects.toBe('SIGTERM');
});
