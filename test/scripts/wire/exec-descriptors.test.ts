import { expect, test } from 'vitest';
import { createExec } from '../../../scripts/wire/exec.ts';
import { workspace } from '../../support/workspace.ts';

const env = { PATH: process.env.PATH ?? '' };
const exec = createExec(new AbortController().signal);

test('more descriptors are read to their end and written, from 3 on', async () => {
  const written: string[] = [];
  const bytes = new Uint8Array(300_000).fill(65);
  const script = 'cat <&3; wc -c <&4; printf one >&5; printf ü >&5; cat <&6';
  const result = await exec('sh', ['-c', script], {
    cwd: workspace(),
    env,
    descriptors: ['first\n', bytes, (text) => void written.push(text), ''],
  });
  expect(result).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^first\n\s*300000\n$/),
    stderr: '',
  });
  expect(written.join('')).toBe('oneü');
});

test('a program that reads none of them ends all the same', async () => {
  const unread = new Uint8Array(1_000_000);
  const result = await exec('sh', ['-c', 'exec 3<&-; exit 4'], {
    cwd: workspace(),
    env,
    descriptors: [unread],
  });
  expect(result.exitCode).toBe(4);
});
