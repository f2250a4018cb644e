import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importsOf, moduleOf, read, readLayers, sourceFiles } from './sources.ts';

const layers = readLayers();
const files = sourceFiles();
const imports = files.flatMap(importsOf).filter(({ to }) => !to.endsWith('.json'));

function layerOf(module: string): number {
  return layers.findIndex((modules) => modules.includes(module));
}

test('every folder of components/ stands in the layer table', () => {
  const folders = readdirSync('components', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const homeless = folders.map(({ name }) => name).filter((name) => layerOf(name) < 0);
  expect(homeless, 'give the module a layer in docs/architecture.md').toEqual([]);
});

test('value imports point down', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    const [here, there] = [moduleOf(from), moduleOf(to)];
    return here !== there && !typeOnly && layerOf(there) <= layerOf(here);
  });
  expect(
    wrong.map(({ from, to }) => `${from} → ${to}`),
    'take what you need as a port: declare an interface in your types.ts and let scripts/ fill it in',
  ).toEqual([]);
});

test('types of a module of the same layer or above come from its types.ts', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    const [here, there] = [moduleOf(from), moduleOf(to)];
    return here !== there && typeOnly && layerOf(there) <= layerOf(here) && !to.endsWith('/types.ts');
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('no file imports itself through others', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(next.get(from) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(next.get(file) ?? []));
    }
    return seen;
  };
  const circular = files.filter((file) => reaches(file).has(file));
  expect(circular, 'find the part both need and give it a file of its own').toEqual([]);
});

test('imports lead to files that exist', () => {
  expect(imports.filter(({ to }) => !existsSync(to))).toEqual([]);
});

/** What of the process wiring needs: the program that runs, and the groups it started. */
const allowed: Readonly<Record<string, string>> = {
  'scripts/wire/node.ts': 'process.execPath',
  'scripts/wire/exec.ts': 'process.kill',
  'scripts/wire/own-number.ts': 'process.pid',
};

test('only the process file touches the process', () => {
  const touching = files.filter((file) => {
    const text = read(file).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    const touches = /\bprocess\.\w+|'node:process'|\bconsole\./.exec(text)?.[0];
    return touches !== undefined && allowed[file] !== touches;
  });
  expect(touching, 'take it from the Context; scripts/main.ts makes it').toEqual(['scripts/main.ts']);
});

test('the outside is reached through the Context', () => {
  const outside = /from 'node:(fs|fs\/promises|child_process|http|https|net|os|worker_threads)'/;
  const reaching = files.filter(
    (file) => !file.startsWith('scripts/wire/') && outside.test(withoutTypeImports(read(file))),
  );
  expect(reaching, 'add what is missing to kernel/context.ts and make it in scripts/wire/').toEqual([]);
});

function withoutTypeImports(text: string): string {
  return text.replace(/^import type .*$/gm, '');
}

test('one file names the variables of GitLab; the twin, which plays GitLab, sets them', () => {
  // What lint-ci looks for in pipelines of others it names too, and reads no variable.
  const others = ['twin', 'lint-ci'];
  const naming = files.filter(
    (file) => /\bCI_[A-Z]|\bGITLAB_CI\b/.test(read(file)) && !others.includes(moduleOf(file)),
  );
  expect(naming, 'read them in components/gitlab/ci-context.ts').toEqual(['components/gitlab/ci-context.ts']);
});

test('the twin is imported by its command only, and shares no code with the client', () => {
  const importers = imports.filter(({ from, to }) => moduleOf(to) === 'twin' && moduleOf(from) !== 'twin');
  expect([...new Set(importers.map(({ from }) => from))]).toEqual(['scripts/local.ts']);
  expect(imports.filter(({ from, to }) => moduleOf(from) === 'twin' && moduleOf(to) === 'gitlab')).toEqual(
    [],
  );
});
