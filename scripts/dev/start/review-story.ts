import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProject } from './project.ts';

const consumer = resolve('test/consumer/review');
const manifest = 'agents/reviewer/agent.ossa.yaml';

/** What happens on the GitLab of the story. */
export const reviewSteps: readonly string[] = [
  'open price~1:price into main as alice',
  'notes',
  'issues',
  'push price as alice',
  'notes',
  'open forged into main as mallory',
  'notes !2',
];

/** Folders of a story: the project with a reviewing agent, the trusted project beside it, and the file of the twin. */
export interface ReviewStory {
  readonly shop: string;
  readonly agents: string;
  readonly twinFile: string;
}

/**
 * Lays out what the story begins with: a shop whose branch `price` changes a price twice and whose branch `forged` is a
 * hostile author's, and the trusted project as `init` writes it, with its owner's word about the manifest.
 *
 * @param init - runs `pipewright` in a folder
 */
export function createReview(
  folder: string,
  init: (cwd: string, args: readonly string[]) => void,
  ref: string,
): ReviewStory {
  const [shop, agents] = [join(folder, 'shop'), join(folder, 'agents')];
  for (const made of [shop, agents]) mkdirSync(made);
  const { git, commit } = createProject(shop, 'https://gitlab.example.com/acme/shop.git', folder);
  const overlay = (name: string) => join(consumer, name);
  commit(overlay('project'), 'feat: a shop with a reviewer');
  git('switch', '--quiet', '--create', 'price');
  commit(overlay('first'), 'feat: VAT in percent');
  commit(overlay('second'), 'fix: divide by 100');
  git('switch', '--quiet', '--create', 'forged', 'main');
  commit(overlay('forged'), 'chore: tidy up the pipeline');
  git('switch', '--quiet', 'main');
  init(agents, [
    ...['init', 'trusted-project', '--serves=acme/shop', `--version=${ref}`],
    '--image=registry.example.com/pipewright/pipewright:0.1.0',
  ]);
  certify(agents, join(shop, manifest));
  const twinFile = join(shop, 'twin.yaml');
  cpSync(join(consumer, 'twin.yaml'), twinFile);
  return { shop, agents, twinFile };
}

/** What the owner of the trusted project does after reading the manifest: its digest in place of the example's. */
function certify(agents: string, file: string): void {
  const policy = join(agents, 'policies/certified.policy.yaml');
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  writeFileSync(policy, readFileSync(policy, 'utf8').replace('0'.repeat(64), digest));
}
