import { isMapping, listOf, type Mapping } from '../config.ts';
import type { TriggerSpec } from './types.ts';

/** Reads `trigger:` of a job, in its short and its long form. Source: docs.gitlab.com/ci/yaml/#trigger */
export function readTrigger(trigger: unknown): TriggerSpec | undefined {
  if (trigger === undefined || trigger === null) return undefined;
  const long: Mapping = isMapping(trigger) ? trigger : { project: String(trigger) };
  const common = commonOf(long);
  if (long.include === undefined) {
    const branch = typeof long.branch === 'string' ? long.branch : undefined;
    return { ...common, kind: 'project', project: String(long.project ?? ''), branch };
  }
  const includes = listOf(long.include);
  for (const entry of includes) {
    if (!isMapping(entry) || entry.artifact === undefined) continue;
    return { ...common, kind: 'artifact', file: String(entry.artifact), job: String(entry.job ?? '') };
  }
  const files = includes.flatMap((entry) => {
    const file = isMapping(entry) ? (entry.local ?? entry.file ?? entry.component) : entry;
    return listOf(file).filter((path) => typeof path === 'string');
  });
  return { ...common, kind: 'local', files };
}

function commonOf(long: Mapping): Pick<TriggerSpec, 'strategy' | 'forward' | 'inputs'> {
  const forward = isMapping(long.forward) ? long.forward : {};
  return {
    strategy: long.strategy === 'depend' || long.strategy === 'mirror' ? long.strategy : 'none',
    forward: {
      yamlVariables: forward.yaml_variables !== false,
      pipelineVariables: forward.pipeline_variables === true,
    },
    inputs: isMapping(long.inputs) ? long.inputs : {},
  };
}

/** The configuration of a child pipeline, which is nothing but its includes. */
export function childConfig(trigger: unknown): string {
  const include = isMapping(trigger) ? listOf(trigger.include) : [];
  return JSON.stringify({ include });
}
