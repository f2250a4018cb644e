import { defineErrors } from '../../../components/kernel/failure.ts';

export const releaseErrors = defineErrors('RELEASE', {
  NOT_A_REPOSITORY: {
    kind: 'misuse',
    message: (f: { directory: string }) => `${f.directory} is in no git work tree`,
    fix: 'Run it inside the checkout that is to be released.',
  },
  GIT_FAILED: {
    kind: 'outside',
    message: (f: { command: string; reason: string }) => `${f.command} failed: ${f.reason}`,
    fix: 'Do what git says and start again; commit, tag and templates are as they were before.',
  },
  NOT_RESTORED: {
    kind: 'outside',
    message: (f: { commit: string; reason: string }) =>
      `the release failed, and going back to ${f.commit} failed too: ${f.reason}`,
    fix: 'Look at `git status` and `git log`, then run `git reset --keep` with the commit named above.',
  },
  TREE_NOT_CLEAN: {
    kind: 'misuse',
    message: (f: { files: readonly string[] }) => `the work tree is not clean: ${f.files.join(', ')}`,
    fix: 'Commit, stash or remove these files: a release is made of a commit, not of a work tree.',
  },
  VERSION_INVALID: {
    kind: 'misuse',
    message: (f: { got: string }) => `the version in package.json is ${f.got}, expected X.Y.Z`,
    fix: 'Set "version" in package.json to three numbers, such as 1.4.0, and commit it.',
  },
  VERSION_NOT_HIGHER: {
    kind: 'misuse',
    message: (f: { version: string; previous: string }) =>
      `version ${f.version} in package.json is not higher than the last release, ${f.previous}`,
    fix: 'Raise "version" in package.json and package-lock.json (`npm version --no-git-tag-version <version>`).',
  },
  TAG_EXISTS: {
    kind: 'misuse',
    message: (f: { tag: string }) => `the tag ${f.tag} exists already`,
    fix: 'Raise "version" in package.json: a tag that was published is never moved.',
  },
  CHANGELOG_MISSING: {
    kind: 'misuse',
    message: (f: { version: string }) => `CHANGELOG.md has no section for ${f.version}`,
    fix: 'Add a heading "## [X.Y.Z] - YYYY-MM-DD" and say below it what changes for whoever includes a component.',
  },
  CHANGELOG_UNDATED: {
    kind: 'misuse',
    message: (f: { heading: string }) =>
      `CHANGELOG.md has "${f.heading}", expected a date such as 2026-11-21 or nothing`,
    fix: 'Write the day of the release into the heading: "## [X.Y.Z] - YYYY-MM-DD".',
  },
  CHANGELOG_EMPTY: {
    kind: 'misuse',
    message: (f: { version: string }) => `the section for ${f.version} in CHANGELOG.md is empty`,
    fix: 'Say in it what changes for whoever includes a component; it becomes the text of the release.',
  },
  IMAGE_INVALID: {
    kind: 'misuse',
    message: (f: { image: string; reason: string }) => `--image is "${f.image}": ${f.reason}`,
    fix: 'Copy the reference from the job image-manifest of this commit: <registry>/<path>:<version>@sha256:<64 hex digits>.',
  },
  NO_TEMPLATES: {
    kind: 'misuse',
    message: () => 'there is no templates/<component>/template.yml',
    fix: 'Run it in the checkout of the catalog, on a commit that has components.',
  },
  TEMPLATE_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; reason: string }) => `${f.file} ${f.reason}`,
    fix: 'Correct the template; templates/validate/template.yml shows the form.',
  },
  NOTHING_TO_STAMP: {
    kind: 'misuse',
    message: (f: { image: string }) => `every template has the image ${f.image} already`,
    fix: 'Begin at the commit the image was built from, whose templates hold an older image or none.',
  },
  BREAKING_UNDECLARED: {
    kind: 'misuse',
    message: (f: { version: string; what: string; names: string }) =>
      `${f.what}: that breaks pipelines, and CHANGELOG.md does not declare it for ${f.version} (${f.names} in one line)`,
    fix: 'Undo the change, or add a line that names it, in backticks, under "### Breaking" in the section of this version.',
  },
  MAJOR_NOT_RAISED: {
    kind: 'misuse',
    message: (f: { version: string; previous: string; count: number }) =>
      `${f.version} has ${f.count} breaking change(s) since ${f.previous} and the same major version`,
    fix: 'Raise the major version: consumers who include "@<major>" get every later minor version without asking.',
  },
  NOT_A_STAMP: {
    kind: 'misuse',
    message: (f: { commit: string; reason: string }) => `${f.commit} is no release commit: ${f.reason}`,
    fix: 'Delete the tag and make the release with `npm run release`: its commit changes the stamped image and nothing else.',
  },
});
