import type { Twin } from '../ports.ts';
import { invalidRecord } from '../server/reply.ts';
import { isAtLeastRole, levelOf, mayWriteBranch, protectionOf } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { GivenVariable, Pipeline, PipelineSource } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import { isRecord, recordsOf, textOf } from './given.ts';

export interface Start {
  readonly project: Project;
  readonly user: User;
  /** Branch or tag. */
  readonly ref: string;
  readonly source: PipelineSource;
  readonly variables?: readonly GivenVariable[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly scheduleId?: number;
  readonly upstreamJobId?: number;
}

/**
 * Starts a pipeline on the tip of a branch or tag.
 *
 * @throws Refusal 400 with GitLab's words where the reference, the rights or the configuration do not allow it
 */
export async function startPipeline(twin: Twin, start: Start): Promise<Pipeline> {
  const sha = await tipOf(twin, start.project, start.ref);
  if (sha === undefined) throw invalidRecord({ base: ['Reference not found'] });
  const created = await twin.pipelines.create({ ...start, sha });
  if (!created.ok) throw invalidRecord({ base: created.messages });
  return created.pipeline;
}

/** Whether somebody may run jobs on a branch or tag: of a protected one they must be able to push or merge to it. */
export function mayRunOn(user: User, project: Project, name: string, tag: boolean): boolean {
  if (!isAtLeastRole(user, project, 'developer')) return false;
  if (!tag)
    return mayWriteBranch(user, project, name, 'push') || mayWriteBranch(user, project, name, 'merge');
  const rule = protectionOf(project.protectedTags, name);
  return rule === undefined || (rule.pushLevel > 0 && levelOf(user, project) >= rule.pushLevel);
}

/** The commit of a branch or tag, by its name or its whole reference. A commit is no reference. */
async function tipOf({ repositories }: Twin, project: Project, ref: string): Promise<string | undefined> {
  const [, kind, name = ref] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  const branch = kind === 'tags' ? undefined : (await repositories.branches(project)).get(name);
  return branch ?? (kind === 'heads' ? undefined : (await repositories.tags(project)).get(name));
}

/** `[{key, value, variable_type}]` */
export function variablesIn(value: unknown): GivenVariable[] {
  return recordsOf(value).map(({ key, value: given, variable_type }) => ({
    key: textOf(key) ?? '',
    value: textOf(given) ?? '',
    variableType: variable_type === 'file' ? 'file' : 'env_var',
  }));
}

/** Inputs of a pipeline, to be passed on only where there are any. */
export function inputsIn(value: unknown): { inputs?: Readonly<Record<string, unknown>> } {
  return isRecord(value) ? { inputs: value } : {};
}
