import { pipelineSamples } from './samples/pipelines.ts';
import { projectSamples } from './samples/project.ts';
import { reviewSamples } from './samples/review.ts';
import type { Sample } from './samples/sample.ts';

/** A call of each endpoint, by module and function. */
export const samples: Readonly<Record<string, Sample>> = {
  ...projectSamples,
  ...reviewSamples,
  ...pipelineSamples,
};
