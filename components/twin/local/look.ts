import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { compareFindings, type Finding } from '../../kernel/finding.ts';
import { checkConfig } from '../check/check.ts';
import type { CiSchema } from '../check/schema.ts';
import type { Configuration, ConfigurationLook } from '../pipelines/factory.ts';
import type { RenderProblem } from '../render/types.ts';

export interface Seen {
  readonly findings: readonly Finding[];
  /** What was not checked, and why. */
  readonly notices: readonly string[];
  /** As rendered; undefined where it cannot be. */
  readonly yaml: string | undefined;
}

export interface Observer {
  readonly look: ConfigurationLook;
  /** What was seen since it was last asked; a configuration that is used again is seen once. */
  readonly take: () => readonly Seen[];
}

/**
 * Looks at the configurations that pipelines are made from: what is wrong with them, with its place in the file, and
 * what shellcheck says of their scripts, which GitLab does not ask.
 *
 * @param own - path of the project whose files are named as they are; others' stand behind their project's path
 */
export function createObserver(context: Context, own: string, schema: CiSchema, temporary: string): Observer {
  const known = new Set<string>();
  let seen: Seen[] = [];
  return {
    look: async (_request, configuration) => {
      const key = JSON.stringify([configuration.file, configuration.rendered?.yaml]);
      if (known.has(key) || configuration.file === undefined) return;
      known.add(key);
      seen.push(await check(context, own, configuration, schema, temporary));
    },
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}

async function check(
  context: Context,
  own: string,
  { file, rendered, problems }: Configuration,
  schema: CiSchema,
  temporary: string,
): Promise<Seen> {
  const found = problems.map((problem) => findingOf(problem, own));
  if (rendered === undefined || file === undefined) {
    return { findings: found.sort(compareFindings), notices: [], yaml: undefined };
  }
  const name = file.project === own ? file.path : join(file.project, file.path);
  const { config, yaml } = rendered;
  const checked = await checkConfig(context, { config, file: name, text: file.text, schema, temporary });
  const findings = [...found, ...checked.findings].sort(compareFindings);
  return { findings, notices: checked.notices, yaml };
}

function findingOf(problem: RenderProblem, own: string): Finding {
  const { code, severity, message, project, file, line = 1, column = 1, suggestion } = problem;
  return {
    ...{ code, severity, message, line, column, path: '' },
    file: project === own ? file : join(project, file),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
