import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';
import { writeFiles } from './repository.ts';

export { commitAll, git, writeFiles } from './repository.ts';

/** A folder of its own for one test, with the given files, gone when the test ends. */
export function workspace(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipewright-test-')));
  atEnd(() => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A test may leave read-only folders, which only root removes as they are.
      execFileSync('chmod', ['-R', 'u+rwX', folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
  writeFiles(folder, files);
  return folder;
}
