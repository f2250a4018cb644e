import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../../components/expressions/compile.ts';
import { environments } from '../../../components/expressions/registry.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkText } from '../../../components/manifest/check.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';
import { readExtension } from '../../../components/proposals/extension.ts';
import { readAgent } from '../../../components/session/read-agent.ts';
import { planStarter } from '../../../components/setup/starter/plan.ts';
import { renderStarter } from '../../../components/setup/starter/render.ts';
import { knownTools } from '../../../components/tools/declared/known.ts';
import { tools } from '../../../components/tools/registry.gen.ts';
import { readAt } from '../../setup/trusted-setup.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const path = 'agents/reviewer/agent.ossa.yaml';
const init = (args: readonly string[], cwd = workspace()) => pipewright(['init', 'agent', ...args], { cwd });

describe('the manifest it writes', () => {
  const combinations: readonly (readonly string[])[] = [
    [],
    ['triage'],
    ['--provider=openai'],
    ['--provider=google', '--tools=list_files read-diff'],
    ['--provider=mistral', '--model=mistral-large-2411', '--tools='],
    ['--labels=needs review', '--labels=bug', '--issues=3'],
    ['--labels=true', '--labels=#1: "x"', "--labels=it's"],
    ['--role=# not a comment: "you" are {{x}} \\ $[[ y ]]', '--description=null'],
    ['--max-iterations=1', '--timeout-seconds=86400', '--max-tokens-per-day=1', '--max-cost-per-day=1000'],
    ['--editor-schema=../../ossa.schema.json'],
    ['123', '--model=claude-opus-4-1-20250805'],
    ['null', '--issues=20'],
  ];

  test.each(combinations.map((flags) => [flags.join(' ') || 'no flags', flags] as const))(
    'has no finding: %s',
    async (_, flags) => {
      const cwd = workspace();
      const written = await init(flags, cwd);
      expect(written.exitCode, written.stderr).toBe(0);
      const run = await pipewright(['validate', '--strict'], { cwd });
      expect(run.stdout).toMatch(/^1 manifest: 1 valid, 0 invalid; 0 errors, 0 warnings$/m);
      expect(run.exitCode, run.stdout).toBe(0);
      // Remarks count nowhere, so the line above would not show them.
      const [name = ''] = flags[0]?.startsWith('--') === false ? flags : ['reviewer'];
      const file = `agents/${name}/agent.ossa.yaml`;
      expect((await checkText(file, readAt(cwd, file), rules)).findings).toEqual([]);
    },
  );

  test('is one that a session runs and proposals are read from', async () => {
    const run = await init(['--labels=bug', '--issues=2', '--dry-run']);
    const parsed = parseYaml(run.stdout, 'manifest');
    const [data] = parsed.ok ? parsed.documents : [];
    const known = knownTools(tools, {}, {});
    const read = readAgent(data, createEvaluator(environments.signal), known);
    expect(read.issues).toEqual([]);
    expect(read.ok && read.manifest).toMatchObject({
      ...{ name: 'reviewer', provider: 'anthropic', maxIterations: 8, timeoutSeconds: 300 },
      tools: ['read-diff', 'read-file'],
    });
    expect(readExtension(data)).toEqual({
      issues: [],
      extension: {
        proposals: { note: { topics: ['reviewer'] }, label: { labels: ['bug'] }, issue: { max: 2 } },
      },
    });
  });

  test('has every text as it was given, whatever it is', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).filter((text) => {
      return /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.trim() !== '';
    });
    const label = line.map((text) => text.replaceAll(',', '.')).filter((text) => !/^[\s~]/.test(text));
    fc.assert(
      fc.property(line, line, fc.array(label, { maxLength: 4 }), (role, description, labels) => {
        const { text } = renderStarter(
          planStarter(
            {
              ...{ name: 'a', role, description, provider: 'anthropic', model: undefined, tools: [], labels },
              ...{ issues: 0, maxIterations: 1, timeoutSeconds: 1, maxTokensPerDay: 1, maxCostPerDay: 1 },
              editorSchema: undefined,
            },
            [],
          ),
        );
        const parsed = parseYaml(text, 'manifest');
        expect(parsed.ok, text).toBe(true);
        const [data] = parsed.ok ? parsed.documents : [];
        expect(data).toMatchObject({
          metadata: { description: description.trim() },
          spec: { role: `${role.trim()}\n` },
        });
        expect(readExtension(data).extension.proposals?.label?.labels).toEqual(
          labels.length === 0 ? undefined : [...new Set(labels)],
        );
      }),
    );
  });

  test('names the schema for editors in its first line', async () => {
    const run = await init(['--editor-schema=../../ossa.schema.json', '--dry-run']);
    expect(run.stdout).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/ossa\.schema\.json\n/);
    expect((await init(['--dry-run'])).stdout).not.toMatch(/yaml-language-server/);
  });
});

describe('where it is written', () => {
  test('below the folder that is named, with what comes next', async () => {
    const cwd = workspace();
    const run = await init(['--into=ci/'], cwd);
    expect(run.stdout).toBe(
      `written ci/${path}\nSay in spec.role what it is to do, then: pipewright validate ci/${path}\n`,
    );
    expect(existsSync(join(cwd, 'ci', path))).toBe(true);
    expect((await init(['--into=ci'], cwd)).stdout).toMatch(/^unchanged /);
  });

  test('never over another file, nor through a link', async () => {
    const cwd = workspace({ [path]: 'mine\n' });
    const run = await init([], cwd);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/agents\/reviewer\/agent\.ossa\.yaml has other content[\s\S]*SETUP_CONFLICT/);
    expect(readAt(cwd, path)).toBe('mine\n');
    const elsewhere = workspace();
    const linked = workspace();
    symlinkSync(elsewhere, join(linked, 'agents'));
    expect((await init([], linked)).stderr).toMatch(/agents is a symbolic link/);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('not at all with --dry-run, which prints what would be', async () => {
    const cwd = workspace();
    const dry = await init(['--dry-run'], cwd);
    expect(readdirSync(cwd)).toEqual([]);
    await init([], cwd);
    expect(readAt(cwd, path)).toBe(dry.stdout);
    const trusted = await pipewright(
      ['init', 'trusted-project', '--dry-run', '--image=example.com/p:1', '--serves=acme/shop'],
      { cwd: workspace() },
    );
    expect(trusted.stdout).toMatch(/^==> \.gitlab-ci\.yml\n[\s\S]*^==> README\.md\n/m);
  });

  test('and a disk that fails leaves nothing', async () => {
    const cwd = workspace();
    const run = await pipewright(['init', 'agent'], {
      cwd,
      change: (context) => ({
        ...context,
        fs: {
          ...context.fs,
          rename: async () => {
            throw Object.assign(new Error('ENOSPC: no space left on device, rename'), { code: 'ENOSPC' });
          },
        },
      }),
    });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/FILE_UNWRITABLE/);
    expect(readdirSync(join(cwd, 'agents/reviewer'))).toEqual([]);
  });
});

describe('mistakes', () => {
  test('are told all at once', async () => {
    const run = await init(['Reviewer', '--provider=cohere', '--tools=read_dif shell', '--labels=a,b']);
    expect(run.exitCode).toBe(2);
    for (const words of [
      /"Reviewer" cannot be the name of an agent[\s\S]*STARTER_NAME/,
      /no usual one of the provider cohere[\s\S]*STARTER_MODEL_MISSING/,
      /no tool "read_dif"; there are blame, [a-z_, ]*; did you mean read_diff\?/,
      /no tool "shell"; there are blame, list_files, list_pipeline_jobs, log, read_diff, [\s\S]*STARTER_TOOL_UNKNOWN/,
      /no labels of GitLab: "a,b"[\s\S]*STARTER_LABEL/,
    ])
      expect(run.stderr).toMatch(words);
    expect(run.stdout).toBe('');
  });

  test.each([
    ['a line in the role', ['--role=a\nb: c']],
    ['no word in the role', ['--role=  ']],
    ['a quote in the model', ['--model=a"']],
    ['a variable in the model', ['--model=$X']],
    ['a line in the schema', ['--editor-schema=a\nkind: Task']],
    ['a provider that can be anything', ['--provider=custom']],
    ['no turn', ['--max-iterations=0']],
    ['more issues than a session may open', ['--issues=21']],
  ])('%s', async (_, flags) => {
    const cwd = workspace();
    const run = await init(flags, cwd);
    expect(run.exitCode, run.stdout).toBe(2);
    expect(run.stderr).toMatch(/INPUT_INVALID/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    ['a name that leaves the folder', '../x'],
    ['a name that is too long', 'a'.repeat(61)],
    ['a name that is none', '-a'],
  ])('%s', async (_, name) => {
    const cwd = workspace();
    mkdirSync(join(cwd, 'in'));
    writeFileSync(join(cwd, 'in/keep'), '');
    const run = await init(['--into=in', '--', name], cwd);
    expect(run.stderr).toMatch(/STARTER_NAME/);
    expect(readdirSync(cwd)).toEqual(['in']);
  });

  test('two names', async () => {
    const run = await init(['a', 'b']);
    expect(run.stderr).toMatch(/"agent a b"; what can be set up: trusted-project, agent[\s\S]*SETUP_WHAT/);
  });

  test('a variable decides nothing', async () => {
    const env = { PIPEWRIGHT_MODEL: 'evil' };
    const run = await pipewright(['init', 'agent', '--dry-run'], { cwd: workspace(), env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/INPUT_NOT_FROM_ENV/);
  });
});
