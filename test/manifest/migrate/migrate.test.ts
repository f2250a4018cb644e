import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineText } from '../../../components/manifest/examine.ts';
import { ladder, rungOf, targetOf } from '../../../components/manifest/migrate/ladder.ts';
import { migrateText } from '../../../components/manifest/migrate/migrate-text.ts';

const agent = (version: string, spec = '', rest = '') =>
  `# An agent.\napiVersion: ${version} # declared\nkind: Agent\nmetadata: { name: a }\nspec:\n  role: r\n${spec}${rest}`;

async function migrated(text: string, to: string) {
  const done = await migrateText(text, to);
  return { ...done, said: done?.changes.map(({ kind, path, says }) => `${kind} ${path}: ${says}`) };
}

describe('versions', () => {
  test.each([
    ['ossa/v0.2.8-dev', 'ossa/v0.2.9'],
    ['ossa/v0.3', 'ossa/v0.3.6'],
    ['ossa/v0.3.4-rc.1', 'ossa/v0.3.4'],
    ['ossa/v0.4.6', 'ossa/v0.4'],
    ['ossa/v1', 'ossa/v0.4'],
    ['ossa/v0.5.1', 'ossa/v0.5'],
    ['ossa/v0.3.9', undefined],
    ['v0.4', undefined],
    ['banana', undefined],
  ])('%s is on the rung of %s', (version, rung) => {
    expect(rungOf(version)).toBe(rung === undefined ? undefined : ladder.indexOf(rung as 'ossa/v0.4'));
  });

  test.each([
    ['ossa/v0.4.6', 'ossa/v0.4.6'],
    ['v0.3.5', 'ossa/v0.3.5'],
    ['0.3.5', 'ossa/v0.3.5'],
    ['0.7', undefined],
  ])('%s means %s', (text, target) => {
    expect(targetOf(text)).toBe(target);
  });
});

describe('up and down', () => {
  test('names of capabilities become mappings, and names again', async () => {
    const old = agent(
      'ossa/v0.3.4',
      '  tools:\n    - type: mcp\n      capabilities: # of the server\n        - search\n        - read_file\n        - { name: other, version: 1.0.0 }\n',
    );
    const up = await migrated(old, 'ossa/v0.3.5');
    expect(up).toMatchObject({ valid: false });
    expect(up.text).toContain(
      '        - { name: search, type: tool }\n        - { name: read-file, type: tool } # was: read_file\n',
    );
    expect(up.said).toContain('version apiVersion: ossa/v0.3.4 → ossa/v0.3.5');
    expect(up.said).toContain(
      'left spec.tools[0].capabilities[2]: OSSA_REQUIRED: spec.tools[0].capabilities[2] lacks "type"',
    );
    const down = await migrated(up.text ?? '', 'ossa/v0.3.4');
    expect(down.text).toBe(old);
    expect(down.valid).toBe(true);
  });

  test('going back drops the features of 0.3.5 and says what they were', async () => {
    const text = agent(
      'ossa/v0.3.5',
      '  completion: # signals\n    max_iterations: 8\n    signals: [{ signal: complete }]\n  checkpointing: { enabled: true }\n  llm: { provider: openai, model: m }\n',
      'extensions:\n  experts:\n    registry: []\n  moe: { primary: { metric: x, target: 1 } }\n  mcp: {}\n',
    );
    const down = await migrated(text, 'ossa/v0.3.4');
    expect(down.text).toBe(
      agent('ossa/v0.3.4', '  llm: { provider: openai, model: m }\n', 'extensions:\n  mcp: {}\n'),
    );
    expect(down.valid).toBe(true);
    expect(down.said).toEqual([
      'dropped spec.completion: there since ossa/v0.3.5; it was {"max_iterations":8,"signals":[{"signal":"complete"}]}',
      'dropped spec.checkpointing: there since ossa/v0.3.5; it was {"enabled":true}',
      'dropped extensions.experts: there since ossa/v0.3.5; it was {"registry":[]}',
      'dropped extensions.moe: there since ossa/v0.3.5; it was {"primary":{"metric":"x","target":1}}',
      'version apiVersion: ossa/v0.3.5 → ossa/v0.3.4',
    ]);
  });

  test('what only 0.3.4 has at the root stands among the extensions before and after it', async () => {
    const old = agent('ossa/v0.3.4', '', 'hitl: # people\n  enabled: true\n');
    const up = await migrated(old, 'ossa/v0.3.5');
    expect(up.text).toBe(agent('ossa/v0.3.5', '', 'extensions:\n  hitl: # people\n    enabled: true\n'));
    expect(up.valid).toBe(true);
    expect(up.said?.[0]).toBe('moved extensions.hitl: from hitl');
    expect((await migrated(up.text ?? '', 'ossa/v0.3.4')).text).toContain(
      '\nhitl: # people\n  enabled: true\n',
    );
  });

  test('a field that the version refuses and was right before is dropped, with its value', async () => {
    const text = agent('ossa/v0.3.6', '', '').replace(
      '{ name: a }',
      '{ name: a, catalog: { published: true } }',
    );
    const down = await migrated(text, 'ossa/v0.3.5');
    expect(down.valid).toBe(true);
    expect(down.text).toContain('metadata: { name: a }');
    expect(down.said).toContain(
      'dropped metadata.catalog: this version has no such field; it was {"published":true}',
    );
  });

  test('a mistake stays one, and no reason to drop anything', async () => {
    const text = agent('ossa/v0.3.6', '', '').replace('{ name: a }', '{ name: a, colour: red }');
    const up = await migrated(text, 'ossa/v0.4');
    expect(up.valid).toBe(false);
    expect(up.text).toContain('colour: red');
    expect(up.said).toEqual(['version apiVersion: ossa/v0.3.6 → ossa/v0.4']);
  });

  test('what is named elsewhere is left to people', async () => {
    const text = agent('ossa/v0.3.5', '  completion: &c { max_iterations: 1 }\n  x: *c\n');
    const down = await migrated(text, 'ossa/v0.3.4');
    expect(down.said?.[0]).toMatch(/^left spec.completion: by hand: there since ossa\/v0.3.5/);
  });

  test('all documents of a file go', async () => {
    const text = `${agent('ossa/v0.3.5')}---\n${agent('ossa/v0.3.6')}`;
    expect((await migrated(text, 'ossa/v0.4')).text).toBe(`${agent('ossa/v0.4')}---\n${agent('ossa/v0.4')}`);
  });

  test.each([
    ['no YAML', 'a: ['],
    ['no version', 'kind: Agent\n'],
    ['an unknown version', agent('ossa/v7')],
  ])('%s cannot be migrated', async (_, text) => {
    expect(await migrateText(text, 'ossa/v0.4')).toBeUndefined();
  });
});

describe('0.1.9', () => {
  const flat = `ossaVersion: "0.1.9"
agent:
  id: order_agent
  name: Order Agent
  version: 1.2.3
  role: workflow
  description: Handles orders.
  tags: [orders]
  runtime: { type: docker, image: "x:1" }
  capabilities:
    - { name: place_order, description: Places one, input_schema: { type: object }, output_schema: { type: object } }
  policies: { compliance: [soc2, hipaa], encryption: true }
  metadata: { author: us, keywords: [a, b] }
`;

  test('with agent: what has a place goes there, all else is kept', async () => {
    const done = await migrated(flat, 'ossa/v0.3.5');
    expect(done.valid).toBe(true);
    expect(done.text).toContain('apiVersion: ossa/v0.3.5');
    expect(done.text).toContain('name: order-agent');
    expect(done.text).toContain('role: "workflow: Handles orders."');
    expect(done.text).toContain('title: Order Agent');
    expect(done.text).toContain('image: x:1');
    expect(done.said).toContain('moved spec.tools: 1 capabilities became tools of the type function');
    expect(done.said).toContain('moved spec.compliance.frameworks: SOC2, HIPAA');
    expect(done.said).toContain('moved extensions.ossa_v0_1.runtime: runtime has no place in later versions');
    expect(done.said).toContain('assumed metadata.name: order-agent: names have this form now');
  });

  const typed = `apiVersion: ossa/v0.1.9
kind: Agent
metadata: { name: reviewer, labels: { team: a } }
spec:
  type: critic.quality
  capabilities: [{ domain: review }, 7]
  conformance: { level: silver, auditLogging: true }
  budgets: { tokens: { perTask: 1000 } }
`;

  test('with a type: the same', async () => {
    const done = await migrated(typed, 'ossa/v0.4');
    expect(done.valid).toBe(true);
    expect(done.text).toContain('name: reviewer');
    expect(done.text).toContain('level: silver');
    expect(done.said).toContain('dropped spec.tools: 1 capabilities without a name');
    expect(done.said).toContain('added spec.role: a sentence to be replaced: there was none');
  });
});

const data = resolve('../shared/data/ossa/manifests');

describe.skipIf(!existsSync(data))('real manifests (skipped where ../shared/data/ossa is absent)', () => {
  const files = existsSync(data) ? readdirSync(data) : [];
  const newIn035 = /^ {0,2}(completion|checkpointing|infrastructure|experts|moe|bat|feedback|flow):/m;

  test('0.3.4 to 0.3.5 and back is what it was, where nothing new is used', async () => {
    let count = 0;
    for (const file of files) {
      const text = readFileSync(join(data, file), 'utf8').replace(
        /^apiVersion: ossa\/v0\.[34][\w.-]*/m,
        'apiVersion: ossa/v0.3.4',
      );
      const checked = await examineText(text, []);
      if (!/^apiVersion: ossa\/v0\.3\.4$/m.test(text) || newIn035.test(text)) continue;
      if (!checked.readable || checked.structure === 'invalid') continue;
      const up = await migrateText(text, 'ossa/v0.3.5');
      expect(up?.valid, file).toBe(true);
      expect((await migrateText(up?.text ?? '', 'ossa/v0.3.4'))?.text).toBe(text);
      count += 1;
    }
    expect(count).toBeGreaterThanOrEqual(10);
  });

  test.each(['ossa/v0.2.9', 'ossa/v0.3.0', 'ossa/v0.3.4', 'ossa/v0.4', 'ossa/v0.5'])(
    'every valid one comes to %s with a reason for each change, and is valid there or says why not',
    async (to) => {
      for (const file of files) {
        const text = readFileSync(join(data, file), 'utf8');
        const before = await examineText(text, []);
        if (!before.readable || before.structure === 'invalid') continue;
        const done = await migrateText(text, to);
        if (done === undefined) continue;
        const left = done.changes.filter(({ kind }) => kind === 'left');
        expect(done.valid, `${file}: ${JSON.stringify(left)}`).toBe(left.length === 0);
        expect(done.changes.every(({ says }) => says !== '')).toBe(true);
      }
    },
    60_000,
  );
});
