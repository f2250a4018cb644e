import { describe, expect, test } from 'vitest';
import {
  catalogFiles,
  createFolder,
  createRepository,
  digests,
  imageOf,
  type Repository,
  runScript,
  template,
} from './repository.ts';

const path = 'templates/check/template.yml';

/** Runs the release and expects these error codes, exit code 2, and a repository in which nothing has changed. */
async function expectRefusal(
  repository: Repository,
  image: string,
  codes: readonly string[],
): Promise<string> {
  const before = stateOf(repository);
  const ran = await repository.run('release.ts', '--image', image);
  expect(ran.stderr.match(/(?<=code: )\w+/g)).toEqual(codes);
  expect(ran.exitCode).toBe(2);
  expect(stateOf(repository)).toEqual(before);
  return ran.stderr;
}

function stateOf(repository: Repository): string[] {
  return [
    repository.git('rev-parse', 'HEAD'),
    repository.git('tag', '--list'),
    repository.git('status', '--porcelain'),
    repository.git('diff'),
  ];
}

async function release(repository: Repository, image: string): Promise<void> {
  const ran = await repository.run('release.ts', '--image', image);
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
}

describe('a first release', () => {
  test('stamps the image below the description, commits the templates only, and tags', async () => {
    const repository = createRepository({
      ...catalogFiles('1.0.0'),
      'templates/other/template.yml': template.replaceAll('\n', '\r\n'),
    });
    const base = repository.git('rev-parse', 'HEAD');
    const ran = await repository.run('release.ts', `--image=${imageOf('1.0.0')}`);

    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toContain('git push --atomic origin HEAD refs/tags/1.0.0');
    const line = `by digest  # stamped\n      default: '${imageOf('1.0.0')}'\n`;
    const stamped = template.replace('by digest  # stamped\n', line);
    expect(repository.read(path)).toBe(stamped);
    expect(repository.read('templates/other/template.yml')).toBe(stamped.replaceAll('\n', '\r\n'));
    expect(repository.git('rev-parse', 'HEAD^')).toBe(base);
    expect(repository.git('log', '-1', '--format=%s')).toBe('chore(templates): release 1.0.0');
    expect(repository.git('diff', '--name-only', 'HEAD^').split('\n')).toEqual([
      path,
      'templates/other/template.yml',
    ]);
    expect(repository.git('cat-file', '-t', '1.0.0')).toBe('tag');
    expect(repository.git('rev-parse', '1.0.0^{commit}')).toBe(repository.git('rev-parse', 'HEAD'));
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('with --dry-run prints the plan and changes nothing', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    const before = stateOf(repository);
    const ran = await repository.run('release.ts', '--image', imageOf('1.0.0'), '--dry-run');
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout.replace(before[0] ?? '', '<commit>')).toBe(
      [
        'release 1.0.0 of <commit>',
        `image ${imageOf('1.0.0')}`,
        'compared with nothing: it is the first release',
        'stamps:',
        `  ${path}`,
        'commits them as "chore(templates): release 1.0.0"',
        'tags the commit 1.0.0',
        '',
      ].join('\n'),
    );
    expect(stateOf(repository)).toEqual(before);
  });

  test('works from a folder below the root, and takes "## X.Y.Z" as heading', async () => {
    const files = catalogFiles('1.0.0');
    const repository = createRepository({ ...files, 'CHANGELOG.md': '## 1.0.0\n\n- First.\n' });
    const ran = await runScript(`${repository.root}/templates`, 'release.ts', ['--image', imageOf('1.0.0')]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('a later release', () => {
  test('replaces the image stamped before and keeps everything else', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    await release(repository, imageOf('1.0.0'));
    const first = repository.read(path);
    const { [path]: _, ...files } = catalogFiles('1.0.1', '- A correction.');
    repository.commit(files);
    await release(repository, imageOf('1.0.1', digests[1]));
    expect(repository.read(path)).toBe(first.replace(imageOf('1.0.0'), imageOf('1.0.1', digests[1])));
    expect(repository.git('diff', '--stat', 'HEAD^')).toContain('1 insertion(+), 1 deletion(-)');
  });

  test('takes a new component and a new input with a default as they come', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    await release(repository, imageOf('1.0.0'));
    const grown = repository
      .read(path)
      .replace('    mode:', '    strict:\n      type: boolean\n      default: false\n    mode:');
    repository.commit({ ...catalogFiles('1.1.0'), [path]: grown, 'templates/new/template.yml': template });
    await release(repository, imageOf('1.1.0'));
    expect(repository.git('tag', '--list').split('\n')).toEqual(['1.0.0', '1.1.0']);
  });
});

describe('a release is refused', () => {
  test('outside a repository', async () => {
    const ran = await runScript(createFolder(), 'release.ts', ['--image', imageOf('1.0.0')]);
    expect(ran.stderr).toContain('code: RELEASE_NOT_A_REPOSITORY');
    expect(ran.exitCode).toBe(2);
  });

  test('without --image, and with a flag it does not know', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    const ran = await repository.run('release.ts', '--imgae=x');
    expect(ran.stderr.match(/(?<=code: )\w+/g)).toEqual(['INPUT_UNKNOWN_FLAG', 'INPUT_REQUIRED']);
    expect(ran.exitCode).toBe(2);
  });

  test('with changes and new files in the work tree', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    repository.write({ 'README.md': 'changed\n', 'new.txt': '' });
    const text = await expectRefusal(repository, imageOf('1.0.0'), ['RELEASE_TREE_NOT_CLEAN']);
    expect(text).toContain('the work tree is not clean: README.md, new.txt');
  });

  test.each([
    ['a pre-release', '1.0.0-rc.1'],
    ['a leading zero', '1.02.0'],
    ['no version', undefined],
  ])('when package.json has %s', async (_, version) => {
    const files = { ...catalogFiles('1.0.0'), 'package.json': JSON.stringify({ version }) };
    await expectRefusal(createRepository(files), imageOf('1.0.0'), ['RELEASE_VERSION_INVALID']);
  });

  test.each([
    ['no section of the version', '## 0.9.0\n\n- Text.\n', 'RELEASE_CHANGELOG_MISSING'],
    [
      'an empty section',
      '## 1.0.0\n\n### Added\n\n<!-- later -->\n## 0.9.0\n\n- Text.\n',
      'RELEASE_CHANGELOG_EMPTY',
    ],
    ['a section without a date yet', '## [1.0.0] - unreleased\n\n- Text.\n', 'RELEASE_CHANGELOG_UNDATED'],
  ])('when CHANGELOG.md has %s', async (_, changelog, code) => {
    const repository = createRepository({ ...catalogFiles('1.0.0'), 'CHANGELOG.md': changelog });
    await expectRefusal(repository, imageOf('1.0.0'), [code]);
  });

  test('when the tag exists, even on another branch', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.commit({ 'README.md': 'other\n' });
    repository.git('tag', '1.0.0');
    repository.git('checkout', '--quiet', 'main');
    await expectRefusal(repository, imageOf('1.0.0'), ['RELEASE_TAG_EXISTS']);
  });

  test('when the version is lower than the last release, compared as numbers', async () => {
    const repository = createRepository(catalogFiles('0.10.0'));
    await release(repository, imageOf('0.10.0'));
    const { [path]: _, ...files } = catalogFiles('0.9.0');
    repository.commit(files);
    await expectRefusal(repository, imageOf('0.9.0', digests[1]), ['RELEASE_VERSION_NOT_HIGHER']);
  });

  test('when the image is not that of the version', async () => {
    const text = await expectRefusal(createRepository(catalogFiles('1.0.0')), imageOf('1.0.1'), [
      'RELEASE_IMAGE_INVALID',
    ]);
    expect(text).toContain('its tag is 1.0.1, and package.json says 1.0.0');
  });

  test.each([
    ['is no YAML', `${template}  - [`],
    ['has no input image', template.replace('    image:\n', '    picture:\n')],
    ['has the input in flow style', template.replace(/ image:\n(.*\n){3}/, " image: { description: 'x' }\n")],
    ['has a regex that refuses the image', template.replace('A-Za-z0-9._:/@-', 'a-z')],
  ])('when a template %s', async (_, text) => {
    const repository = createRepository({ ...catalogFiles('1.0.0'), [path]: text });
    await expectRefusal(repository, imageOf('1.0.0'), ['RELEASE_TEMPLATE_INVALID']);
  });

  test('when there are no templates', async () => {
    const { [path]: _, ...files } = catalogFiles('1.0.0');
    await expectRefusal(createRepository(files), imageOf('1.0.0'), ['RELEASE_NO_TEMPLATES']);
  });

  test('when the templates have that image already', async () => {
    const stamped = template.replace('# stamped', `\n      default: '${imageOf('1.0.0')}'`);
    const repository = createRepository({ ...catalogFiles('1.0.0'), [path]: stamped });
    await expectRefusal(repository, imageOf('1.0.0'), ['RELEASE_NOTHING_TO_STAMP']);
  });

  test('for everything that is wrong at once', async () => {
    const repository = createRepository({ ...catalogFiles('1.0.0'), 'CHANGELOG.md': '', [path]: '[' });
    repository.write({ 'new.txt': '' });
    const codes = ['TREE_NOT_CLEAN', 'IMAGE_INVALID', 'CHANGELOG_MISSING'].map((code) => `RELEASE_${code}`);
    await expectRefusal(repository, 'pipewright:latest', codes);
  });
});

describe('a failure in the middle puts everything back', () => {
  const base = 'pre-commit';
  test.each([
    ['a hook refuses the commit', base, 'echo "not today" >&2; exit 1', 'RELEASE_GIT_FAILED', 3],
    ['a hook adds to the commit', base, 'echo x > README.md; git add README.md', 'RELEASE_NOT_A_STAMP', 2],
    ['the tag cannot be made', 'reference-transaction', '! grep -q refs/tags/', 'RELEASE_GIT_FAILED', 3],
  ])('where %s', async (_, hook, script, code, exitCode) => {
    const repository = createRepository(catalogFiles('1.0.0'));
    const before = stateOf(repository);
    repository.hook(hook, script);

    const ran = await repository.run('release.ts', '--image', imageOf('1.0.0'));
    expect(ran.stderr).toContain(`code: ${code}`);
    expect(ran.exitCode).toBe(exitCode);
    // What a hook wrote itself is not ours to take back.
    repository.git('checkout', '--quiet', '--', 'README.md');
    expect(stateOf(repository)).toEqual(before);
    expect(repository.read(path)).toBe(template);
  });

  test('where it is cancelled while git works', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    const before = stateOf(repository);
    // The hook's parent is git, whose parent is the release.
    repository.hook('pre-commit', 'kill -TERM "$(ps -o ppid= -p "$PPID" | tr -d " ")"; sleep 5');
    const ran = await repository.run('release.ts', '--image', imageOf('1.0.0'));
    expect(ran.stderr).toContain('code: PROCESS_CANCELLED');
    expect(ran.exitCode).toBe(3);
    expect(stateOf(repository)).toEqual(before);
  });

  test('and where that fails too, it names the commit to go back to', async () => {
    const repository = createRepository(catalogFiles('1.0.0'));
    const [commit] = stateOf(repository);
    repository.hook(
      'reference-transaction',
      'test ! -e .git/full || exit 1; ! grep -q refs/tags/ || { touch .git/full; exit 1; }',
    );
    const ran = await repository.run('release.ts', '--image', imageOf('1.0.0'));
    expect(ran.stderr).toContain(`the release failed, and going back to ${commit} failed too`);
    expect(ran.stderr).toContain('code: RELEASE_NOT_RESTORED');
    expect(ran.exitCode).toBe(3);
  });
});
