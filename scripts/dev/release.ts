// `npm run release -- --image <reference>@<digest>`: stamps the image into the templates, commits and tags them.
// First a protected job builds the image from this commit; a tag pipeline publishes what is made here.
import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { applyRelease } from './release/apply.ts';
import { releaseErrors } from './release/errors.ts';
import { createGit } from './release/git.ts';
import { planRelease, renderPlan } from './release/plan.ts';
import { runTool } from './release/tool.ts';

const inputs = {
  image: {
    type: 'string',
    description: 'Image of this version, as the job image-manifest printed it',
    required: true,
    security: true,
  },
  'dry-run': { type: 'boolean', description: 'Print the plan and change nothing', default: false },
} as const satisfies InputDeclarations;

await runTool('release', inputs, async (values, cancel) => {
  const directory = process.cwd();
  const found = await createGit(
    directory,
    process.env,
    cancel,
  )('rev-parse', '--show-toplevel').catch((cause) => {
    throw releaseErrors.NOT_A_REPOSITORY({ directory }, cause);
  });
  const root = found.trimEnd();
  const git = createGit(root, process.env, cancel);
  const plan = await planRelease(git, root, values.image);
  if (values['dry-run']) {
    process.stdout.write(renderPlan(plan));
    return;
  }
  const rescue = createGit(root, process.env, new AbortController().signal);
  const commit = await applyRelease(git, rescue, root, plan);
  process.stdout.write(
    `released ${plan.version} as ${commit}\npush it: git push --atomic origin HEAD refs/tags/${plan.version}\n`,
  );
});
