import type { FixedFile } from './run.ts';

/** What changed in a file, as a unified diff that `git apply` takes. */
export async function renderDiff({
  path,
  before,
  after,
}: Pick<FixedFile, 'path' | 'before' | 'after'>): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
  });
  return patch.replace(/^=+\n/, '');
}
