import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, Failures } from '../../../components/kernel/failure.ts';
import { breakingLines, type ChangelogSection, findSection, saysSomething } from './changelog.ts';
import { type BreakingChange, findBreakingChanges } from './compare.ts';
import { releaseErrors } from './errors.ts';
import { type Git, readLines } from './git.ts';
import { findImageMistake } from './image.ts';
import { type InputSpecs, stampImage } from './template.ts';
import { inputsOf, readTemplatesAt, type TemplateFile } from './templates.ts';
import { compareVersions, highestVersion, parseVersion, type Version } from './version.ts';

export interface Stamp {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** All that a release changes: the dry run prints it, `applyRelease` does it. */
export interface ReleasePlan {
  /** The commit the image was built from. */
  readonly base: string;
  readonly version: string;
  readonly image: string;
  /** Tag of the release it was compared with; undefined for the first one. */
  readonly previous: string | undefined;
  readonly breaking: readonly BreakingChange[];
  readonly stamps: readonly Stamp[];
}

/** Plans a release of HEAD, or throws everything that speaks against it. Changes nothing. */
export async function planRelease(git: Git, root: string, image: string): Promise<ReleasePlan> {
  const failures: Failure[] = await findTreeMistakes(git);
  const version = await readVersion(root, failures);
  const mistake = findImageMistake(image, version?.text);
  if (mistake !== undefined) failures.push(releaseErrors.IMAGE_INVALID({ image, reason: mistake }));
  const section = version && (await readSection(root, version.text, failures));
  const previous = highestVersion(await readLines(git, 'tag', '--merged', 'HEAD'));
  if (version !== undefined) failures.push(...(await findVersionMistakes(git, version, previous)));

  const files = await readTemplatesAt(git, 'HEAD');
  if (files.length === 0) failures.push(releaseErrors.NO_TEMPLATES(undefined));
  const stamps = mistake === undefined ? stampAll(files, image, failures) : [];
  const breaking = await compareWith(git, previous, files, failures);
  if (version !== undefined) failures.push(...findUndeclared(breaking, version, previous, section));

  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  if (version === undefined) throw new Error('a version that is missing has been reported');
  const base = (await git('rev-parse', 'HEAD')).trim();
  return { base, version: version.text, image, previous: previous?.text, breaking, stamps };
}

async function findTreeMistakes(git: Git): Promise<Failure[]> {
  const files = await readLines(git, 'status', '--porcelain');
  return files.length === 0
    ? []
    : [releaseErrors.TREE_NOT_CLEAN({ files: files.map((line) => line.slice(3)) })];
}

async function readVersion(root: string, failures: Failure[]): Promise<Version | undefined> {
  const got = await readFile(join(root, 'package.json'), 'utf8')
    .then((text) => String(JSON.parse(text).version))
    .catch((error: Error) => `unreadable (${error.message})`);
  const version = parseVersion(got);
  if (version === undefined) failures.push(releaseErrors.VERSION_INVALID({ got }));
  return version;
}

async function readSection(
  root: string,
  version: string,
  failures: Failure[],
): Promise<ChangelogSection | undefined> {
  const text = await readFile(join(root, 'CHANGELOG.md'), 'utf8').catch(() => '');
  const section = findSection(text, version);
  if (section === undefined) failures.push(releaseErrors.CHANGELOG_MISSING({ version }));
  else if (!saysSomething(section)) failures.push(releaseErrors.CHANGELOG_EMPTY({ version }));
  if (section?.dated === false) failures.push(releaseErrors.CHANGELOG_UNDATED({ heading: section.heading }));
  return section;
}

async function findVersionMistakes(
  git: Git,
  version: Version,
  previous: Version | undefined,
): Promise<Failure[]> {
  const tags = await readLines(git, 'tag', '--list', version.text);
  if (tags.length > 0) return [releaseErrors.TAG_EXISTS({ tag: version.text })];
  return previous === undefined || compareVersions(version, previous) > 0
    ? []
    : [releaseErrors.VERSION_NOT_HIGHER({ version: version.text, previous: previous.text })];
}

function stampAll(files: readonly TemplateFile[], image: string, failures: Failure[]): Stamp[] {
  const stamps: Stamp[] = [];
  for (const { path, text } of files) {
    const stamped = stampImage(text, image);
    if (!stamped.ok) failures.push(releaseErrors.TEMPLATE_INVALID({ file: path, reason: stamped.reason }));
    else if (stamped.value !== text) stamps.push({ path, before: text, after: stamped.value });
  }
  if (stamps.length === 0 && failures.length === 0) failures.push(releaseErrors.NOTHING_TO_STAMP({ image }));
  return stamps;
}

// `image` has no default in a new template: it gets one by being stamped, so here it counts as optional.
async function compareWith(
  git: Git,
  previous: Version | undefined,
  files: readonly TemplateFile[],
  failures: Failure[],
): Promise<BreakingChange[]> {
  if (previous === undefined) return [];
  const unreadable: Failure[] = [];
  const old = inputsOf(
    await readTemplatesAt(git, `refs/tags/${previous.text}`),
    ` of ${previous.text}`,
    unreadable,
  );
  const now = inputsOf(files, '', unreadable);
  // A template of HEAD that is no YAML has been reported when it was stamped.
  failures.push(
    ...unreadable.filter((failure) => !failures.some(({ message }) => message === failure.message)),
  );
  const stampable = new Map([...now].map(([id, inputs]) => [id, withImageDefault(inputs)]));
  return findBreakingChanges(old, stampable);
}

function withImageDefault(inputs: InputSpecs): InputSpecs {
  const { image } = inputs;
  return image === undefined ? inputs : { ...inputs, image: { ...image, default: '' } };
}

function findUndeclared(
  breaking: readonly BreakingChange[],
  version: Version,
  previous: Version | undefined,
  section: ChangelogSection | undefined,
): Failure[] {
  const lines = section === undefined ? [] : breakingLines(section);
  const failures = breaking.flatMap(({ component, input, what }) => {
    const names = [component, input].filter((name) => name !== undefined).map((name) => `\`${name}\``);
    const declared = lines.some((line) => names.every((name) => line.includes(name)));
    const facts = { version: version.text, what, names: names.join(' and ') };
    return declared ? [] : [releaseErrors.BREAKING_UNDECLARED(facts)];
  });
  if (
    previous !== undefined &&
    breaking.length > 0 &&
    version.major >= 1 &&
    version.major <= previous.major
  ) {
    const count = breaking.length;
    failures.push(releaseErrors.MAJOR_NOT_RAISED({ version: version.text, previous: previous.text, count }));
  }
  return failures;
}

/** The plan in words, for the dry run. */
export function renderPlan(plan: ReleasePlan): string {
  const breaking = plan.breaking.map(({ what }) => `  ${what}`);
  return [
    `release ${plan.version} of ${plan.base}`,
    `image ${plan.image}`,
    `compared with ${plan.previous ?? 'nothing: it is the first release'}`,
    ...(breaking.length === 0 ? [] : ['breaking, declared in CHANGELOG.md:', ...breaking]),
    'stamps:',
    ...plan.stamps.map(({ path }) => `  ${path}`),
    `commits them as "${commitMessage(plan)}"`,
    `tags the commit ${plan.version}`,
    '',
  ].join('\n');
}

export function commitMessage(plan: ReleasePlan): string {
  return `chore(templates): release ${plan.version}`;
}
