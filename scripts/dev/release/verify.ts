// What the tag pipeline asks before it publishes: is this a commit that `npm run release` made of this version?
import { writeFile } from 'node:fs/promises';
import { Failures } from '../../../components/kernel/failure.ts';
import type { InputDeclarations } from '../../../components/kernel/input-types.ts';
import { findSection } from './changelog.ts';
import { releaseErrors } from './errors.ts';
import { createGit, readAt } from './git.ts';
import { findReleaseMistakes } from './inspect.ts';
import { runTool } from './tool.ts';

const inputs = {
  tag: { type: 'string', description: 'The tag, which is the version', required: true, security: true },
  notes: { type: 'string', description: 'File to write the section of CHANGELOG.md to' },
} as const satisfies InputDeclarations;

await runTool('verify', inputs, async ({ tag, notes }, cancel) => {
  const git = createGit(process.cwd(), process.env, cancel);
  const failures = await findReleaseMistakes(git, 'HEAD', tag);
  const version = JSON.parse((await readAt(git, 'HEAD', 'package.json')) ?? '{}').version;
  if (version !== tag) {
    failures.push(
      releaseErrors.NOT_A_STAMP({ commit: 'HEAD', reason: `its package.json says ${version}, not ${tag}` }),
    );
  }
  const section = findSection((await readAt(git, 'HEAD', 'CHANGELOG.md')) ?? '', tag);
  if (section === undefined) failures.push(releaseErrors.CHANGELOG_MISSING({ version: tag }));
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  if (notes !== undefined && section !== undefined) await writeFile(notes, `${section.body}\n`);
  process.stdout.write(`HEAD is the release commit of ${tag}\n`);
});
