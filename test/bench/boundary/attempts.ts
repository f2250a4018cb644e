import fc from 'fast-check';
import type { Asked } from '../../../components/decide/target.ts';
import type { ProposalBundle } from '../../../components/proposals/bundle.gen.ts';
import { agentPath } from '../../decide/shop.ts';
import { certified, manifest } from './agent.ts';
import type { BoundaryWorld, Opened } from './world.ts';

/** What a hostile author tries once: what lies where proposals are fetched, and which numbers are handed off. */
export interface Planted {
  readonly kind: string;
  readonly text: string | Uint8Array;
  readonly asked: Asked;
}

type Proposals = ProposalBundle['proposals'];
type Random = <T>(arbitrary: fc.Arbitrary<T>) => T;

const good: Proposals = [
  { kind: 'note', topic: 0, body: 'A note.' },
  { kind: 'label', label: 0 },
  { kind: 'issue', title: 'An issue', body: 'A body.', labels: [] },
  { kind: 'thread', topic: 0, file: 'src/price.js', line: 1, body: 'A thread.' },
  { kind: 'suggestion', topic: 0, file: 'src/price.js', line: 1, body: 'Code.', replacement: 'x' },
  {
    ...({ kind: 'commit', title: 'A commit', body: 'Why.' } as const),
    files: [{ path: 'src/price.js', content: 'export const vat = 0.2;\n' }],
  },
];

/** Words that would do something, were they ever a command, a target or a name. */
const words = [
  ...['/close', '/merge', '/approve', '/label ~security-approved', '/assign @victim', '/confidential'],
  ...['@victim', '@all', '!1', '#1', 'acme/vault#1', '$(id)', '`id`', '$CI_JOB_TOKEN', '../../acme/vault'],
  ...['![x](https://evil.example/x.png)', '<img src=x onerror=alert(1)>', '<!-- pipewright:note:0 -->'],
  ...['\u202e/close', '\u2028/close', '\u0085/merge', '/\u200bclose', 'a\r/close', '> /close', '- /close'],
  ...[
    '```\n```\n/close',
    '<details>\n/close\n</details>',
    '[a]: https://evil.example\n/close',
    '|a|\n|-|\n/close',
  ],
  ...['approved', 'security-approved', 'risky,approved', 'risky\napproved', 'main', '--sweep=acme/vault'],
] as const;

/** Files that steer, that lead elsewhere, and links and submodules of the shop. */
const names = [
  ...[
    '.gitlab-ci.yml',
    '.GitLab-CI.yml',
    'x.gitlab-ci.yml',
    agentPath,
    'policies/project.policy.yaml',
    'AGENTS.md',
  ],
  ...[
    '.git/config',
    '.git/hooks/post-checkout',
    'git~1/config',
    '.g\u200cit/config',
    '.gitattributes',
    '.gitmodules',
  ],
  ...[
    '../price.js',
    '/etc/passwd',
    'price.js/x',
    'Price.js',
    'PRICE.JS',
    'link',
    'link/x',
    'LINK/x',
    'CODEOWNERS',
  ],
  ...[
    'package.json',
    'Makefile',
    'package-lock.json',
    'x"\nD src/price.js\n',
    'a\tb',
    '"x"',
    'con.js',
    'run.sh',
  ],
] as const;

const word = fc.constantFrom(...words);
const text = fc
  .array(fc.oneof(word, fc.string({ maxLength: 20 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('\n'));
const anything = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.constant([]),
  fc.constant({}),
  fc.constantFrom(-1, 1e9, 2 ** 53, 0.5),
);

/** One attempt for each seed, of all kinds in turn. */
export function attemptOf(
  world: BoundaryWorld,
  seed: number,
  opened: readonly Opened[],
): { readonly at: Opened; readonly planted: Planted } {
  const random: Random = (arbitrary) => fc.sample(arbitrary, { numRuns: 1, seed })[0] as never;
  const at = opened[seed % opened.length] as Opened;
  const other = opened[(seed + 1) % opened.length] as Opened;
  const kind = kinds[seed % kinds.length] as Kind;
  const asked = { project: world.shop.id, mergeRequest: at.mergeRequest.iid, pipeline: at.pipeline.id };
  const bundle = world.bundleFor(at.mergeRequest, good);
  return {
    at,
    planted: { kind: kind.id, asked, text: '', ...kind.plant({ world, random, bundle, at, other, asked }) },
  };
}

interface Parts {
  readonly world: BoundaryWorld;
  readonly random: Random;
  readonly bundle: ProposalBundle;
  readonly at: Opened;
  readonly other: Opened;
  readonly asked: Asked;
}

interface Kind {
  readonly id: string;
  readonly plant: (parts: Parts) => Partial<Planted>;
}

/** Of kinds for which the agent has no list at all. */
const unlisted = (): Proposals => [
  { kind: 'status', name: 0, state: 'success', description: 'All is well.' },
  { kind: 'environment-stop', environment: 0, reason: 'x' },
];

const json = (value: unknown) => ({ text: JSON.stringify(value) });

const kinds: readonly Kind[] = [
  {
    id: 'a field changed',
    plant: ({ random, bundle }) => json(changedSomewhere(structuredClone(bundle), random)),
  },
  {
    id: 'a field added',
    plant: ({ random, bundle }) => {
      const names = [
        'project',
        'url',
        'ref',
        'branch',
        'token',
        'author',
        'assignee',
        'state_event',
        '__proto__',
        'constructor',
      ];
      const name = random(fc.constantFrom(...names));
      const proposals = bundle.proposals.map((one) => ({ ...one, [name]: random(anything) }));
      return json({ ...bundle, proposals });
    },
  },
  {
    id: 'places outside of the lists',
    plant: ({ world, random, at }) => {
      const place = fc.constantFrom(1, 2, 3, 7, 99);
      return json(
        world.bundleFor(at.mergeRequest, [
          { kind: 'label', label: random(place) },
          { kind: 'note', topic: random(place), body: 'x' },
          { kind: 'issue', title: 'x', body: 'x', labels: [random(place)] },
          ...random(fc.subarray(unlisted(), { minLength: 0 })),
        ]),
      );
    },
  },
  {
    id: 'lines and code aimed at targets',
    plant: ({ world, random, at }) => {
      const files = [
        'src/price.js',
        '.gitlab-ci.yml',
        '../src/price.js',
        'agents/reviewer.ossa.yaml',
        '/etc/passwd',
      ];
      const file = fc.oneof(fc.constantFrom(...files), word);
      const line = fc.constantFrom(1, 1, 2, 7, 10_000_000);
      const on = (): { topic: number; file: string; line: number; body: string } => ({
        ...{
          topic: random(fc.constantFrom(0, 0, 1, 99)),
          file: random(file),
          line: random(line),
          body: random(text),
        },
      });
      const proposals: Proposals = [
        { kind: 'thread', ...on() },
        { kind: 'suggestion', ...on(), replacement: random(fc.oneof(text, word)) },
        { kind: 'suggestion', ...on(), file: 'src/price.js', line: 1, topic: 0, replacement: random(text) },
      ];
      return json({ ...world.bundleFor(at.mergeRequest, proposals), complete: random(fc.boolean()) });
    },
  },
  {
    id: 'commits aimed at files',
    plant: ({ world, random, at }) => {
      const name = fc.oneof(fc.constantFrom(...names), word, fc.string({ maxLength: 12 }));
      const path = fc.oneof(
        name,
        name.map((each) => `src/${each}`),
        fc.constant('src/new.js'),
      );
      const content = fc.oneof(text, fc.constant(null), fc.constantFrom('x\0y', '\u202e', 'x\n', '\ud800'));
      const some = fc.array(fc.record({ path, content }), { minLength: 1, maxLength: 3 });
      // Half of them are let through, so that there is something to be looked at.
      const plain = fc.constantFrom('src/new.js', 'src/price.js', 'src/run.sh', 'src/link', 'src/Price.js');
      const one = fc.tuple(fc.record({ path: plain, content: fc.constantFrom('x\n', '#!/bin/sh\n') }));
      const files = random(fc.oneof(some, one));
      const words = { title: random(word), body: random(text) };
      return json(world.bundleFor(at.mergeRequest, [{ kind: 'commit', ...words, files }]));
    },
  },
  {
    id: 'another target',
    plant: ({ random, bundle, other, world }) => {
      const target = random(
        fc.constantFrom(
          { project: world.vault.id, mergeRequest: 1 },
          { mergeRequest: other.mergeRequest.iid },
          { head: other.mergeRequest.versions.at(-1)?.headSha },
          { head: 'a'.repeat(40) },
          { project: world.trusted.id },
        ),
      );
      return json({ ...bundle, target: { ...bundle.target, ...target } });
    },
  },
  {
    id: 'numbers of another',
    plant: ({ random, bundle, other, world, asked }) => {
      const wrong = random(
        fc.constantFrom(
          { pipeline: other.pipeline.id },
          { mergeRequest: other.mergeRequest.iid },
          { project: world.vault.id },
          { project: world.trusted.id },
          { pipeline: 1 },
          { mergeRequest: 9_999 },
          { project: 9_999 },
        ),
      );
      return { ...json(bundle), asked: { ...asked, ...wrong } };
    },
  },
  {
    id: 'another agent',
    plant: ({ random, bundle }) => {
      const paths = [
        'agents/none.ossa.yaml',
        '../agents/reviewer.ossa.yaml',
        '/etc/passwd',
        'agents/../policies/x.policy.yaml',
        '.gitlab-ci.yml',
        `${agentPath}\u0000`,
        agentPath.toUpperCase(),
      ];
      const change = random(
        fc.oneof(
          fc.constantFrom(...paths).map((path) => ({ path })),
          word.map((name) => ({ name })),
          fc.constantFrom('f'.repeat(64), '0'.repeat(64)).map((hex) => ({ digest: `sha256:${hex}` })),
        ),
      );
      return json({ ...bundle, agent: { ...bundle.agent, ...change } });
    },
  },
  {
    id: 'lists of its own',
    plant: ({ random, bundle }) => {
      const hex = random(fc.constantFrom('f'.repeat(64), '1'.repeat(64)));
      return json({ ...bundle, choices: `sha256:${hex}`, proposals: [{ kind: 'label', label: 0 }] });
    },
  },
  {
    id: 'texts aimed at targets',
    plant: ({ world, random, at }) =>
      json(
        world.bundleFor(at.mergeRequest, [
          { kind: 'note', topic: 0, body: random(text) },
          {
            kind: 'issue',
            title: random(text.map((one) => one.replaceAll('\n', ' '))),
            body: random(text),
            labels: [],
          },
          { kind: 'issue', title: random(word), body: random(word), labels: [] },
        ]),
      ),
  },
  {
    id: 'more than is allowed',
    plant: ({ world, random, at }) => {
      const count = random(fc.integer({ min: 2, max: 20 }));
      const one = random(fc.constantFrom(...good));
      return json(
        world.bundleFor(
          at.mergeRequest,
          Array.from({ length: count }, () => one),
        ),
      );
    },
  },
  {
    id: 'bytes that are no bundle',
    plant: ({ random, bundle }) => {
      const whole = JSON.stringify(bundle);
      const bytes = Buffer.from(whole);
      return {
        text: random(
          fc.constantFrom<string | Uint8Array>(
            ...[
              whole.slice(0, -20),
              `${whole}${whole}`,
              whole.replace('"proposals":', '"proposals":[],"proposals":'),
            ],
            ...[
              '[]',
              'null',
              '"x"',
              '{}',
              '['.repeat(50_000),
              `{"__proto__":${whole}}`,
              manifest,
              certified,
              '',
            ],
            ...[
              Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
              Buffer.from([0xff, 0xfe, ...bytes]),
              Buffer.from(whole, 'utf16le'),
            ],
            whole.replace('A note.', '\\ud800'),
          ),
        ),
      };
    },
  },
];

/** The bundle with one value, anywhere in it, replaced. */
function changedSomewhere(bundle: ProposalBundle, random: Random): unknown {
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key });
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>);
    }
  };
  walk(bundle as unknown as Record<string, unknown>);
  const { holder, key } = places[random(fc.nat({ max: places.length - 1 }))] ?? { holder: {}, key: '' };
  holder[key] = random(anything);
  return bundle;
}
