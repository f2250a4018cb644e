// `npm run check`: what CI checks, fastest first; stops at the first that fails. `--static` leaves out the tests.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format and lint', 'biome', ['check', '--error-on-warnings']],
  ['types', 'tsc', ['-p', '.']],
  ['generated files', 'node', ['scripts/dev/gen.ts', '--check']],
  ['architecture', 'vitest', ['run', 'test/architecture']],
] as const;
const tests = ['tests', 'vitest', ['run']] as const;

for (const [name, program, args] of process.argv.includes('--static') ? steps : [...steps, tests]) {
  const started = performance.now();
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check: ${name} failed`);
    process.exit(1);
  }
  console.log(`check: ${name} ok (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
