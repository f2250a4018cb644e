import { isMapping } from '../config.ts';
import type { JobEnvironment } from '../world/pipeline.ts';
import { expandText } from './expansion.ts';
import { tierOf } from './names.ts';

/** Name of the environment a job is for, expanded. */
export function environmentName(
  environment: unknown,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  const name = isMapping(environment) ? environment.name : environment;
  return typeof name === 'string' ? expandText(name, variables) : undefined;
}

/** Reads `environment:`. What is not known yet in the URL, as a dotenv variable, stays as written. */
export function readEnvironment(
  environment: unknown,
  variables: ReadonlyMap<string, string>,
): JobEnvironment | undefined {
  const name = environmentName(environment, variables);
  if (name === undefined) return undefined;
  const { action, url, on_stop: onStop, deployment_tier: tier } = isMapping(environment) ? environment : {};
  return {
    name,
    action: typeof action === 'string' ? action : 'start',
    url: typeof url === 'string' ? expandText(url, variables) : undefined,
    onStop: typeof onStop === 'string' ? onStop : undefined,
    tier: typeof tier === 'string' ? tier : tierOf(name),
  };
}
