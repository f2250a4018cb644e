import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { artifactsOf, makeRunner, readArtifact } from './harness.ts';

test('paths are names, folders and patterns, with blanks too; exclude takes files out', async () => {
  const { run } = await makeRunner({ 'kept.md': 'x' });
  const tried = await run(
    {
      script: [
        'mkdir -p out/deep "with blank" empty && echo 1 > out/a.txt && echo 2 > out/deep/b.log && echo 3 > out/.hidden',
        'echo 4 > "with blank/c d.txt" && echo 5 > x.json && echo 6 > y.json && mkdir z.json && echo 7 > z.json/in',
        'chmod 755 x.json',
      ],
      artifacts: {
        paths: [
          'out/',
          'with blank/*',
          '*.json',
          '$CI_PROJECT_DIR/kept.md',
          'missing',
          '$WHERE/deep',
          '../up',
        ],
        exclude: ['**/*.log', 'y.json', 'out/deep'],
      },
    },
    { variables: { WHERE: 'out' } },
  );
  expect(artifactsOf(tried).files).toEqual([
    ...['kept.md', 'out/.hidden', 'out/a.txt', 'with blank/c d.txt', 'x.json', 'z.json/in'],
  ]);
  expect(await readArtifact(tried, 'with blank/c d.txt')).toBe('4\n');
  expect(statSync(join(artifactsOf(tried).folder, 'x.json')).mode & 0o777).toBe(0o755);
  expect(tried.log).toContain('WARNING: missing: no matching files.');
  expect(tried.log).toContain(
    'WARNING: processPath: artifact path is not a subpath of project directory: ../up',
  );
});

test.each([
  { when: undefined, passed: true, failed: false },
  { when: 'on_success', passed: true, failed: false },
  { when: 'on_failure', passed: false, failed: true },
  { when: 'always', passed: true, failed: true },
])(
  'when: $when keeps after success $passed, after failure $failed; reports are kept either way',
  async (row) => {
    const { run } = await makeRunner();
    const artifacts = { ...(row.when && { when: row.when }), paths: ['a'], reports: { junit: ['r*.xml'] } };
    for (const [code, kept] of [
      [0, row.passed],
      [3, row.failed],
    ] as const) {
      const tried = await run({ script: ['touch a; echo "<x/>" > r1.xml', `exit ${code}`], artifacts });
      expect(tried.end).toMatchObject({ exitCode: code });
      const { files, reports, reportsFolder } = artifactsOf(tried);
      expect(files).toEqual(kept ? ['a'] : []);
      expect(reports).toEqual({ junit: ['junit/r1.xml'] });
      expect(readFileSync(join(reportsFolder, 'junit/r1.xml'), 'utf8')).toBe('<x/>\n');
    }
  },
);

test('untracked files are kept, ignored ones too', async () => {
  const { run } = await makeRunner({ '.gitignore': '*.log\n' });
  const tried = await run({
    script: ['echo 1 > new; echo 2 > x.log; echo 3 > "[a].txt"; echo 4 > not; echo more >> readme.md'],
    artifacts: { untracked: true, exclude: ['not'] },
  });
  expect(artifactsOf(tried).files).toEqual(['[a].txt', 'new', 'x.log']);
});

test('a job begins with the artifacts it is given, the later over the earlier', async () => {
  const { run } = await makeRunner();
  const keep = (text: string) => ({
    script: [`mkdir o; echo ${text} > o/f; echo ${text} > ${text}`],
    artifacts: { paths: ['o', text] },
  });
  const [one, two] = [await run(keep('one')), await run(keep('two'))];
  const artifacts = [one, two].map((tried, at) => ({ job: `j${at}`, artifacts: artifactsOf(tried) }));
  const next = await run({ script: ['cat o/f one two'] }, { artifacts });
  expect(next.log).toContain('\ntwo\none\ntwo\n');
});

test('nothing is read or written through a link that leads out', async () => {
  const outside = workspace();
  const { run } = await makeRunner();
  const tried = await run({
    script: [
      `mkdir d && echo x > d/f && ln -s f d/inner && ln -s /etc/passwd d/absolute && ln -s ../../../x d/up`,
      `ln -s ${outside} out && echo secret > ${outside}/s`,
    ],
    artifacts: { paths: ['d', 'out/s', 'out/*'] },
  });
  const { files, folder } = artifactsOf(tried);
  expect(files).toEqual(['d/f', 'd/inner']);
  expect(readlinkSync(join(folder, 'd/inner'))).toBe('f');
  expect(tried.log).toContain('WARNING: d/absolute: the link leads out of the project');

  const through = await run({
    script: ['ln -s . d && mkdir e && ln -s d/d/d/../../outside y && ln -s ../e e/back && ln -s e/../x z'],
    artifacts: { paths: ['d', 'y', 'e', 'z'] },
  });
  expect(artifactsOf(through).files).toEqual(['d', 'e/back']);
  expect(through.log).toContain('WARNING: y: the link leads out of the project');

  const linked = await run({
    script: ['rm -rf .git; mkdir in && ln -s in link'],
    artifacts: { paths: ['in', 'link'] },
  });
  expect(artifactsOf(linked).files).toEqual(['link']);
  const below = await run({ script: ['mkdir link && echo y > link/y'], artifacts: { paths: ['link'] } });
  const artifacts = [linked, below].map((one, at) => ({ job: `j${at}`, artifacts: artifactsOf(one) }));
  const last = await run({ script: ['ls'] }, { artifacts });
  expect(last.log).toContain('WARNING: link/y: its folder is a link or a file');
  expect(readdirSync(outside)).toEqual(['s']);
});

test('artifacts beyond the limit fail the job and are not kept', async () => {
  const { run, folder } = await makeRunner({}, { maxArtifactBytes: 1000 });
  const tried = await run({ script: ['head -c 2000 /dev/zero > big'], artifacts: { paths: ['big'] } });
  expect(tried.end).toMatchObject({ kind: 'exit', exitCode: 1, artifacts: undefined });
  expect(tried.log).toContain('413 Request Entity Too Large');
  expect(existsSync(join(folder, 'artifacts', '1', 'files'))).toBe(false);
});

test('they expire as they say, in 30 days where they say nothing, and say who may see them', async () => {
  const { run, world } = await makeRunner();
  const script = ['touch a'];
  const of = async (config: object) =>
    artifactsOf(await run({ script, artifacts: { paths: ['a'], ...config } }));
  const days = (time: string | undefined) => (Date.parse(time ?? '') - world.clock.now()) / 86_400_000;
  expect(days((await of({})).expireAt)).toBeCloseTo(30, 2);
  expect(days((await of({ expire_in: '1 week and 12 hrs' })).expireAt)).toBeCloseTo(7.5, 2);
  expect(await of({ expire_in: 'never' })).toMatchObject({ expireAt: undefined, access: 'all' });
  expect(await of({ public: false })).toMatchObject({ access: 'developer' });
  expect(await of({ access: 'none' })).toMatchObject({ access: 'none' });
});
