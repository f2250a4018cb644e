import { expect, test } from 'vitest';
import { catalogFiles, createRepository, imageOf, type Repository, template } from './repository.ts';

const path = 'templates/check/template.yml';

/** A catalog as its release 1.0.0 left it, with files of the next version on top. */
function createChanged(version: string, changes: string, change: (text: string) => string): Repository {
  const repository = createRepository(catalogFiles('1.0.0'));
  tagRelease(repository, '1.0.0');
  repository.commit({ ...catalogFiles(version, changes), [path]: change(repository.read(path)) });
  return repository;
}

// What the release tool leaves behind, without running it.
function tagRelease(repository: Repository, version: string): void {
  const stamped = template.replace('# stamped', `\n      default: '${imageOf(version)}'`);
  repository.commit({ [path]: stamped });
  repository.git('tag', version);
}

test('a declared change passes with a higher major version', async () => {
  const changes = '### Breaking\n\n- `check`: `stage` is .post now, `mode` is enforce.';
  const change = (text: string) =>
    text.replace('.pre', '.post').replace('default: observe', 'default: enforce');
  const repository = createChanged('2.0.0', changes, change);
  const ran = await repository.run('release.ts', '--image', imageOf('2.0.0'));
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a component that is gone is declared by its name alone', async () => {
  const repository = createChanged('2.0.0', '- Better.', (text) => text);
  repository.git('mv', 'templates/check', 'templates/new');
  repository.commit({});
  const refused = await repository.run('release.ts', '--image', imageOf('2.0.0'));
  expect(refused.stderr).toContain('the component `check` is gone: that breaks pipelines');
  repository.commit({ 'CHANGELOG.md': '## 2.0.0\n\n### Breaking\n\n- `check` is `new` now.\n' });
  const ran = await repository.run('release.ts', '--image', imageOf('2.0.0'));
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
});

test('every undeclared change is named at once; a line elsewhere in CHANGELOG.md declares nothing', async () => {
  const change = (text: string) =>
    text.replace('.pre', '.post').replace('default: observe', 'default: enforce');
  const changes = '### Changed\n\n- `check`: `stage` and `mode`.\n\n### Breaking\n\n- `other`: `stage`.';
  const repository = createChanged('2.0.0', changes, change);
  const ran = await repository.run('release.ts', '--image', imageOf('2.0.0'));
  expect(ran.stderr.match(/the input `\w+` of `check`/g)).toEqual([
    'the input `stage` of `check`',
    'the input `mode` of `check`',
  ]);
  expect(ran.stderr.match(/code: RELEASE_BREAKING_UNDECLARED/g)).toHaveLength(2);
  expect(ran.exitCode).toBe(2);
});

test('a declared breaking change needs a higher major version', async () => {
  const change = (text: string) => text.replace('.pre', '.post');
  const repository = createChanged('1.1.0', '### Breaking\n\n- `check`: `stage` is .post.', change);
  const ran = await repository.run('release.ts', '--image', imageOf('1.1.0'));
  expect(ran.stderr).toContain('1.1.0 has 1 breaking change(s) since 1.0.0 and the same major version');
  expect(ran.stderr.match(/(?<=code: )\w+/g)).toEqual(['RELEASE_MAJOR_NOT_RAISED']);
});

test('before 1.0.0 a declared breaking change is enough', async () => {
  const repository = createRepository(catalogFiles('0.1.0'));
  tagRelease(repository, '0.1.0');
  const files = catalogFiles('0.2.0', '### Breaking\n\n- `check`: `stage` is .post.');
  repository.commit({ ...files, [path]: template.replace('.pre', '.post') });
  expect(await repository.run('release.ts', '--image', imageOf('0.2.0'))).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

test('it is compared with the highest release reachable, not with one of another branch', async () => {
  const repository = createRepository(catalogFiles('1.10.1'));
  for (const version of ['1.9.0', '1.10.0']) tagRelease(repository, version);
  repository.git('checkout', '--quiet', '-b', 'next');
  tagRelease(repository, '2.0.0');
  repository.git('checkout', '--quiet', 'main');
  repository.git('tag', 'v99');
  const ran = await repository.run('release.ts', '--image', imageOf('1.10.1'), '--dry-run');
  expect(ran.stdout).toContain('compared with 1.10.0\n');
});
