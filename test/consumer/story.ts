import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { createReview, type ReviewStory } from '../../scripts/dev/start/review-story.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

export interface Story extends ReviewStory {
  /** Lets steps happen on a GitLab of their own, and gives what was printed. */
  readonly tell: (...steps: readonly string[]) => Promise<CliRun>;
  /** What a job has printed, by a pattern of its pipeline's folder. */
  readonly log: (pipeline: string, job: string) => string;
}

/** The story of `npm start` with another file for its twin, made of the one it has. */
export function createStory(change: (twin: TwinYaml) => void = () => undefined): Story {
  const story = createReview(workspace(), init, 'main');
  const twin = load(readFileSync(story.twinFile, 'utf8')) as TwinYaml;
  change(twin);
  writeFileSync(story.twinFile, JSON.stringify(twin));
  return {
    ...story,
    tell: (...steps) => pipewright(argumentsOf(story, steps), { cwd: story.shop }),
    log: (pipeline, job) => readLog(story.shop, pipeline, job),
  };
}

export function argumentsOf({ twinFile }: ReviewStory, steps: readonly string[]): string[] {
  return ['local', `--twin=${twinFile}`, ...steps.map((step) => `--step=${step}`)];
}

/** What a story's file for the twin holds and tests change. */
export interface TwinYaml {
  readonly users: Record<string, object>;
  readonly projects: Record<string, Record<string, unknown>>;
}

function init(cwd: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [resolve('scripts/main.ts'), ...args], {
    ...{ cwd, encoding: 'utf8' },
    env: { ...process.env, NODE_COMPILE_CACHE: resolve('node_modules/.cache/pipewright') },
  });
  if (status !== 0) throw new Error(stderr);
}

function readLog(shop: string, pipeline: string, job: string): string {
  const [folder] = globSync(`.pipewright/local/${pipeline}`, { cwd: shop });
  return readFileSync(join(shop, folder ?? '', 'logs', `${job}.log`), 'utf8');
}
