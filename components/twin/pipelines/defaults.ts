import { isMapping, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

/** What jobs take from `default:`, and (the first five, the old way) from the top of the configuration. */
const inheritable = [
  ...['after_script', 'before_script', 'cache', 'image', 'services'],
  ...['artifacts', 'hooks', 'id_tokens', 'identity', 'interruptible', 'retry', 'tags', 'timeout'],
];
const fromTop = new Set(inheritable.slice(0, 5));

/** A job with what it inherits: whole values, nothing is merged. Source: docs.gitlab.com/ci/yaml/#default */
export function withDefaults(config: FlatConfig, job: Mapping): Mapping {
  const defaults = isMapping(config.default) ? config.default : {};
  const inherit = isMapping(job.inherit) ? job.inherit.default : undefined;
  const takes = (key: string) => (Array.isArray(inherit) ? inherit.includes(key) : inherit !== false);
  // A trigger job runs nothing, and takes only whether it may be interrupted.
  const keys = job.trigger === undefined ? inheritable : ['interruptible'];
  const inherited = keys.flatMap((key) => {
    const value = defaults[key] ?? (fromTop.has(key) ? config[key] : undefined);
    return job[key] === undefined && value !== undefined && takes(key) ? [[key, value] as const] : [];
  });
  return { ...job, ...Object.fromEntries(inherited) };
}
