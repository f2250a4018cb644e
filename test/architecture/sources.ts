import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  readonly from: string;
  readonly to: string;
  /** `import type`: the compiler removes it, so it couples no code. */
  readonly typeOnly: boolean;
}

/** The product's own TypeScript files, relative to the repository; maintainers' tools are not among them. */
export function sourceFiles(): string[] {
  return ['components', 'scripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('dev/'))
      .map((file) => `${folder}/${file}`),
  );
}

export function read(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Imports between the product's files, lazy ones included. */
export function importsOf(file: string): Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;
  return [...read(file).matchAll(pattern)].flatMap(([, type, named, lazy]) => {
    const to = named ?? lazy ?? '';
    if (!to.startsWith('.')) return [];
    return [{ from: file, to: normalize(join(dirname(file), to)), typeOnly: type !== undefined }];
  });
}

/** The module a file belongs to: `manifest` for components/manifest/rules/x.ts, `scripts` for commands. */
export function moduleOf(file: string): string {
  const [top, second] = file.split('/');
  return top === 'components' ? (second ?? '') : (top ?? '');
}

/** Layers from the top down, each with its modules, as docs/architecture.md has them. */
export function readLayers(): string[][] {
  const table = /<!-- layers -->([\s\S]*?)<!-- \/layers -->/.exec(read('docs/architecture.md'))?.[1] ?? '';
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => [...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name ?? ''));
}
