import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../../components/formats/registry.gen.ts';
import { sharedInputs } from '../../components/kernel/cli.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { rules as lintRules } from '../../components/lint-ci/rules.gen.ts';
import { rules } from '../../components/manifest/rules.gen.ts';
import { checks } from '../../components/setup/doctor/checks.gen.ts';
import { commands } from '../../scripts/commands.gen.ts';
import { collectCodes } from '../../scripts/dev/gen/codes.ts';
import { read, sourceFiles } from './sources.ts';

function namesIn(folder: string, ...without: string[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.gen.ts'))
    .map((entry) => basename(entry.name, '.ts'))
    .filter((name) => !without.includes(name))
    .sort();
}

describe('an index is its folder', () => {
  test('commands', () => expect(Object.keys(commands).sort()).toEqual(namesIn('scripts', 'main')));
  test('rules', () => expect(rules.map(({ id }) => id)).toEqual(namesIn('components/manifest/rules')));
  test('rules of lint-ci', () =>
    expect(lintRules.map(({ id }) => id)).toEqual(namesIn('components/lint-ci/rules')));
  test('no two rules have one id, by which explain finds them', () => {
    const ids = [...rules, ...lintRules].map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
  test('formats', () => {
    expect(formats.map(({ id }) => id)).toEqual(namesIn('components/formats', 'types', 'text'));
  });

  test('checks of doctor', () => {
    expect(checks.map(({ id }) => id)).toEqual(namesIn('components/setup/doctor/checks'));
  });

  test.each(Object.keys(commands))('the command %s is called like its file', async (id) => {
    expect((await commands[id]?.load())?.id).toBe(id);
  });
});

describe('every code', async () => {
  const { failures, findings } = await collectCodes();
  const codes = [...failures, ...findings].map(({ code }) => code);
  const tests = testTexts();

  test('is declared once', () =>
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]));

  test('is documented', () => {
    const page = read('docs/errors.md');
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  test('is used outside of its declaration', () => {
    const ruleCodes = [...rules, ...lintRules].map(({ code }) => code);
    const sources = [...sourceFiles(), ...devFiles()]
      .filter((file) => !/\/(errors|findings)\.ts$/.test(file))
      .map(read)
      .join('\n');
    const unused = codes.filter((code) => {
      const name = code.slice(code.indexOf('_') + 1);
      return !ruleCodes.includes(code) && !new RegExp(`\\.${name}\\b|'${name}'`).test(sources);
    });
    expect(unused, 'delete the row, or throw it').toEqual([]);
  });

  test('is provoked by a test', () => {
    const untested = codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests));
    expect(untested, 'a test must name the code it provokes').toEqual([]);
  });
});

function devFiles(): string[] {
  const files = readdirSync('scripts/dev', { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => `scripts/dev/${file}`);
}

function testTexts(): string {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(ts|txt|yml)$/.test(file) && !file.startsWith('architecture/'))
    .map((file) => read(`test/${file}`))
    .join('\n');
}

// Inputs that are GitLab's business: they shape the job and never reach the command.
const pipelineInputs = ['stage', 'image', 'pipewright', 'pipelines', 'tags', 'expire-in'];

interface TemplateInput {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly options?: readonly string[];
  readonly regex?: string;
}

describe.each(readdirSync('templates'))('component %s', async (id) => {
  const parsed = parseYaml(read(`templates/${id}/template.yml`), 'gitlab');
  const header = (parsed.ok ? parsed.documents[0] : {}) as {
    spec: { inputs: Record<string, TemplateInput> };
  };
  const template = header.spec.inputs;
  const command = await commands[id]?.load();
  const declared = (command?.inputs ?? {}) as InputDeclarations;
  const shared = Object.entries(declared).filter(([, declaration]) => !declaration.terminal);

  test('has the command of its name', () => expect(command?.id).toBe(id));

  test('has the inputs of the command and of a pipeline, and no others', () => {
    // A component of the trusted project has its own pipelines there, and no choice of them.
    const own = [
      ...pipelineInputs.filter((name) => id !== 'apply' || name !== 'pipelines'),
      ...(id === 'run' ? ['access'] : []),
      // The report is always written; whether GitLab takes it is the job's.
      ...(id === 'validate' ? ['sast'] : []),
    ];
    expect(Object.keys(template).sort()).toEqual([...own, ...shared.map(([name]) => name)].sort());
  });

  test.each(shared)('input %s says the same in both', (name, declaration) => {
    const input = template[name];
    const fallback = declaration.type === 'list' ? declaration.default.join(' ') : declaration.default;
    expect(input?.description).toBe(declaration.description);
    expect(input?.default).toBe(declaration.componentDefault ?? fallback);
    // GitLab's one type of number is guarded by the command, which takes whole ones only.
    const types: Readonly<Record<string, string>> = { list: 'string', integer: 'number' };
    expect(input?.type ?? 'string').toBe(types[declaration.type] ?? declaration.type);
    expect(input?.options).toEqual(declaration.type === 'string' ? declaration.options : undefined);
    const pattern = declaration.type === 'string' ? declaration.pattern : undefined;
    if (pattern !== undefined) expect(input?.regex).toBe(`^${pattern.source}$`);
  });

  test('passes every input as a flag, since a variable could be replaced by whoever starts the pipeline', () => {
    const text = read(`templates/${id}/template.yml`);
    for (const [name] of shared)
      expect(text).toMatch(new RegExp(`--${name}='?\\$\\[\\[ inputs\\.${name} \\]\\]`));
    // The runner reads this one, and it is a literal.
    expect(text.replace(/^ +variables:\n( +#.*\n)* +RUNNER_SCRIPT_TIMEOUT: \d+m$/m, '')).not.toMatch(
      /^\s+variables:/m,
    );
  });

  test('uses nothing newer than GitLab 18.5', () => {
    expect(Object.keys(header.spec)).toEqual(['inputs']);
    expect(Object.values(template).filter((input) => 'rules' in input)).toEqual([]);
  });

  test('hides nothing behind the inputs every command has', () => {
    expect(Object.keys(template).filter((name) => name in sharedInputs)).toEqual([]);
  });
});

describe('house rules', () => {
  test('a command is at most 80 lines', () => {
    const long = namesIn('scripts').filter((name) => read(`scripts/${name}.ts`).split('\n').length > 81);
    expect(long, 'move what it decides to a module, or shared wiring to scripts/wire/').toEqual([]);
  });

  test('no name of this project says nothing', () => {
    const vague = sourceFiles().filter((file) =>
      /\/(utils?|helpers?|common|manager|service|base)\.ts$/.test(file),
    );
    expect(vague).toEqual([]);
  });

  test('no default exports', () => {
    expect(sourceFiles().filter((file) => /^export default/m.test(read(file)))).toEqual([]);
  });
});
