import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingNumbers, parseConfiguration, sweptProjects } from '../../components/setup/configuration.ts';
import { trustedFiles } from './trusted-setup.ts';

function read(text: string) {
  const parsed = parseConfiguration(text);
  if (!parsed.ok) return parsed.problem;
  const { configuration } = parsed;
  return {
    applies: configuration.applies.length,
    from: configuration.catalogs,
    others: configuration.includesOthers,
    swept: sweptProjects(configuration),
    missing: missingNumbers(configuration),
  };
}

const all = ['project', 'merge-request', 'pipeline'];
const none = { applies: 0, from: [], others: false, swept: undefined, missing: all };

describe('a configuration is read as it stands', () => {
  test.each([
    ['ours', trustedFiles(), []],
    ['ours with an agent', trustedFiles({ agent: 'agents/a.ossa.yaml' }), []],
  ])('%s', (_, files, missing) => {
    expect(read(files['.gitlab-ci.yml'] ?? '')).toMatchObject({
      others: false,
      swept: ['acme/shop'],
      missing,
    });
  });

  test.each<[string, string, unknown]>([
    ['empty', '', none],
    [
      'one entry, no list',
      'include: { component: $S/x/y/apply@1, inputs: { sweep: a/b c/d } }',
      {
        ...{ applies: 1, from: ['x/y'], others: false, swept: ['a/b', 'c/d'], missing: all },
      },
    ],
    ['a local file', 'include: a.yml', { ...none, others: true }],
    ['another component', 'include: [{ component: x/y/validate@1 }]', none],
    ['a component without a version', 'include: [{ component: x/y/apply }]', none],
    [
      'a sweep of a variable',
      'include: [{ component: x/y/apply@1, inputs: { sweep: $P } }]',
      {
        ...{ applies: 1, from: [], others: false, swept: undefined, missing: all },
      },
    ],
    [
      'a sweep out of the API',
      'include: [{ component: x/y/apply@1, inputs: { sweep: ../../user } }]',
      {
        ...{ applies: 1, from: [], others: false, swept: undefined, missing: all },
      },
    ],
    [
      'numbers without a header',
      'include: [{ component: x/y/apply@1, inputs: { project: "$[[ inputs.project ]]" } }]',
      { applies: 1, from: [], others: false, swept: [], missing: all },
    ],
    [
      'a number that is fixed',
      'spec: { inputs: { project: {}, merge-request: {}, pipeline: {} } }\n---\ninclude: [{ component: x/y/apply@1, inputs: { project: 3, merge-request: "$[[inputs.merge-request]]", pipeline: "$[[ inputs.pipeline ]]" } }]',
      { applies: 1, from: [], others: false, swept: [], missing: ['project'] },
    ],
    [
      'texts that are none',
      'include: [{ component: { toString: 1 }, inputs: { sweep: { toString: 1 } } }, 7, null]',
      {
        ...none,
        others: true,
      },
    ],
    ['a list in place of a mapping', '[include]', none],
    ['no YAML', 'a: [', expect.stringMatching(/^\d+:\d+: /)],
  ])('%s', (_, text, expected) => expect(read(text)).toEqual(expected));

  test('whatever it is, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => read(`include: ${text}`)).not.toThrow();
      }),
    );
  });
});
