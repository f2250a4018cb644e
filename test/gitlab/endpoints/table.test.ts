import { describe, expect, test } from 'vitest';
import { endpointsReached } from '../../../scripts/dev/gen/endpoints-reached.ts';
import { needsOf } from '../../../scripts/dev/gen/gitlab-table.ts';

describe('a command reaches the endpoints', () => {
  const folder = 'components/gitlab/endpoints';
  const files: Readonly<Record<string, string>> = {
    'scripts/plain.ts': `import { run } from '../components/x/run.ts';`,
    'scripts/review.ts': `const load = () => import('../components/x/review.ts');`,
    'scripts/typed.ts': `import type { listNotes } from '../${folder}/notes.ts';\nimport { type User, currentUser as me } from '../${folder}/users.ts';`,
    'components/x/run.ts': `export const run = 1;`,
    'components/x/review.ts': `import {\n  convergeNote,\n} from '../gitlab/endpoints/converge-note.ts';`,
    [`${folder}/converge-note.ts`]: `import { createNote, noteShape } from './notes.ts';`,
    [`${folder}/notes.ts`]: `export const listNotes = defineEndpoint({});\nexport const createNote = defineEndpoint({}, () => listNotes(call));`,
    [`${folder}/users.ts`]: `export const currentUser = defineEndpoint({});`,
  };
  const ids = ['notes.listNotes', 'notes.createNote', 'notes.deleteNote', 'users.currentUser'];
  const reached = (command: string) =>
    endpointsReached(`scripts/${command}.ts`, ids, async (file) => files[file] ?? '');

  test('that it or what it imports names, lazily too, and those they call', async () => {
    expect(await reached('review')).toEqual(['notes.createNote', 'notes.listNotes']);
  });

  test('but none by a type', async () => {
    expect(await reached('typed')).toEqual(['users.currentUser']);
    expect(await reached('plain')).toEqual([]);
  });
});

describe('a command needs', () => {
  const free = { jobToken: true, role: 'reporter', scope: 'read_api', tier: 'free' } as const;
  test.each([
    ['no token for nothing', [], ['no token needed', 'no token needed', '-', '-']],
    ['the job token where that is enough', [['a.b', free]], ['enough', 'Reporter, `read_api`', '-', '-']],
    [
      'the strongest role and scope of all, and a licence for some',
      [
        ['a.b', free],
        ['c.d', { ...free, jobToken: { tier: 'premium' }, role: 'user', scope: 'api' }],
        ['e.f', { ...free, jobToken: false, tier: 'premium' }],
        ['g.h', { ...free, jobToken: { since: '19.0' } }],
      ],
      ['not enough: `c.d` (Premium), `e.f` (no), `g.h` (from 19.0)', 'Reporter, `api`', '`e.f`', '-'],
    ],
  ] as const)('%s', (_, reached, cells) => {
    expect(needsOf(reached)).toEqual(cells);
  });
});
