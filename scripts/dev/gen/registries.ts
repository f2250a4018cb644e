import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { AnyCommand } from '../../../components/kernel/command.ts';
import { header, type Output } from './outputs.ts';

/** Folders with one thing a file, and the committed index of each. */
const registries = [
  {
    folder: 'components/manifest/rules',
    name: 'rule',
    list: 'rules',
    type: 'Rule',
    from: './rule.ts',
    out: 'components/manifest/rules.gen.ts',
  },
  {
    folder: 'components/lint-ci/rules',
    name: 'rule',
    list: 'rules',
    type: 'Rule',
    from: './rule.ts',
    out: 'components/lint-ci/rules.gen.ts',
  },
  {
    folder: 'components/manifest/fix/fixers',
    name: 'fixer',
    list: 'fixers',
    type: 'Fixer',
    from: './fixer.ts',
    out: 'components/manifest/fix/fixers.gen.ts',
  },
  {
    folder: 'components/formats',
    name: 'format',
    list: 'formats',
    type: 'Format',
    from: './types.ts',
    out: 'components/formats/registry.gen.ts',
  },
  {
    folder: 'components/tools',
    name: 'tool',
    list: 'tools',
    type: 'Tool',
    from: './types.ts',
    out: 'components/tools/registry.gen.ts',
  },
  {
    folder: 'components/proposals/kinds',
    name: 'kind',
    list: 'kinds',
    type: 'Kind',
    from: './kind.ts',
    out: 'components/proposals/kinds.gen.ts',
  },
  {
    folder: 'components/models/providers',
    name: 'provider',
    list: 'providers',
    type: 'Provider',
    from: './provider.ts',
    out: 'components/models/providers.gen.ts',
  },
  {
    folder: 'components/setup/doctor/checks',
    name: 'check',
    list: 'checks',
    type: 'Check',
    from: './check.ts',
    out: 'components/setup/doctor/checks.gen.ts',
  },
  {
    folder: 'components/session/filters/detectors',
    name: 'detector',
    list: 'detectors',
    type: 'Detector',
    from: './types.ts',
    out: 'components/session/filters/detectors.gen.ts',
  },
] as const;

/** Files of such a folder that are no entry of it: its port and what its entries share. */
const notEntries = ['types.ts', 'text.ts'];

/** The indexes whose entries are imported at once. */
export async function generateLists(): Promise<Output[]> {
  const lists = registries.map(async (registry) => {
    const ids = await idsIn(registry.folder);
    // The index lies in the folder of its entries, or beside it.
    const prefix = dirname(registry.out) === registry.folder ? './' : `./${basename(registry.folder)}/`;
    const imports = ids.map(
      (id) => `import { ${registry.name} as ${alias(id, registry.name)} } from '${prefix}${id}.ts';`,
    );
    const content = [
      `${header}import type { ${registry.type} } from '${registry.from}';`,
      ...imports,
      '',
      `export const ${registry.list}: readonly ${registry.type}[] = [${ids.map((id) => alias(id, registry.name)).join(', ')}];`,
      '',
    ].join('\n');
    return { path: registry.out, content };
  });
  return Promise.all([...lists, generateEndpoints()]);
}

/** All routes of the twin's API: every file that exports some, under a name of its own. */
export async function generateRoutes(): Promise<Output> {
  const folder = 'components/twin/api';
  const found = await Promise.all(
    (await idsIn(folder)).map(async (id) => {
      const text = await readFile(`${folder}/${id}.ts`, 'utf8');
      return [...text.matchAll(/^export const (\w+Routes)\b/gm)].map(([, name = '']) => ({ id, name }));
    }),
  );
  const rows = found.flat();
  const content = [
    `${header}import type { Route } from '../server/types.ts';`,
    ...rows.map(({ id, name }) => `import { ${name} } from './${id}.ts';`),
    '',
    `export const routes: readonly Route[] = [\n${rows.map(({ name }) => `  ...${name},\n`).join('')}];`,
    '',
  ].join('\n');
  return { path: `${folder}/routes.gen.ts`, content };
}

/** All endpoints of the GitLab client: every function that a file of the folder defines. Documents and tests read it. */
async function generateEndpoints(): Promise<Output> {
  const folder = 'components/gitlab/endpoints';
  const found = await Promise.all(
    (await idsIn(folder)).map(async (id) => {
      const text = await readFile(`${folder}/${id}.ts`, 'utf8');
      return [...text.matchAll(/^export const (\w+) = defineEndpoint\(/gm)].map(([, name = '']) => ({
        id,
        name,
      }));
    }),
  );
  const files = found.filter((names) => names.length > 0);
  const content = [
    `${header}import type { EndpointFacts } from './facts.ts';`,
    ...files.map(
      (names) => `import { ${names.map(({ name }) => name).join(', ')} } from './${names[0]?.id}.ts';`,
    ),
    '',
    '/** By file and function. */',
    'export const endpoints: Readonly<Record<string, { readonly facts: EndpointFacts }>> = {',
    ...files.flat().map(({ id, name }) => `  '${id}.${name}': ${name},`),
    '};',
    '',
  ].join('\n');
  return { path: `${folder}/registry.gen.ts`, content };
}

/** Commands are loaded one at a time; their summaries stand in the table, so that `--help` loads none. */
export async function generateCommands(): Promise<Output> {
  const ids = (await idsIn('scripts')).filter((id) => id !== 'main');
  const rows = await Promise.all(
    ids.map(async (id) => {
      const { command } = (await import(`../../${id}.ts`)) as { command: AnyCommand };
      const load = `async () => (await import('./${id}.ts')).command`;
      return `  ${/^\w+$/.test(id) ? id : `'${id}'`}: {\n    summary: ${quote(command.summary)},\n    load: ${load},\n  },`;
    }),
  );
  const type = `${header}import type { CommandTable } from '../components/kernel/command.ts';\n`;
  const content = `${type}\nexport const commands: CommandTable = {\n${rows.join('\n')}\n};\n`;
  return { path: 'scripts/commands.gen.ts', content };
}

/** Names of the things in a folder: one file each. */
async function idsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.gen.ts'))
    .filter((entry) => !notEntries.includes(entry.name))
    .map((entry) => basename(entry.name, '.ts'))
    .sort();
}

/** `signalShadowedRule`: with the kind behind it no id is a reserved word. */
function alias(id: string, kind: string): string {
  return `${id}-${kind}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
