import { expect, test } from 'vitest';
import { reasonOf } from '../../../components/twin/pipelines/listing/words.ts';

test('the reason is what gitlab-ci-local says of it, without what it says at every start', () => {
  const stderr = [
    'Unable to retrieve default remote branch, falling back to `main`.',
    '  Command failed with exit code 128: git symbolic-ref --short refs/remotes/origin/HEAD',
    '',
    'fatal: ref refs/remotes/origin/HEAD is not a symbolic ref',
    'parsing and downloads finished in 47 ms.',
    '\u001b[31mtest: unknown keyword\u001b[0m',
  ].join('\n');
  const reason = reasonOf({ stderr, exitCode: 1, signal: null });
  expect(reason).toContain('test: unknown keyword');
  expect(reason).not.toMatch(/symbolic|Unable|parsing| \| /);
  expect(reasonOf({ stderr: '', exitCode: 7, signal: null })).toBe('exit code 7');
  expect(reasonOf({ stderr: '', exitCode: null, signal: 'SIGKILL' })).toBe('exit code SIGKILL');
});
