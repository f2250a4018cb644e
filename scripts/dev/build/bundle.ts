import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Bundles the CLI into dist/, a chunk per lazy import: jobs run this, since type stripping costs 90 ms a process. */
export async function bundleCli(): Promise<void> {
  await rm('dist', { recursive: true, force: true });
  await build({
    entryPoints: ['scripts/main.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    chunkNames: 'chunks/[name]-[hash]',
    // Packages written as CommonJS call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  await chmod('dist/main.js', 0o755);
}
