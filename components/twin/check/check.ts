import type { Context } from '../../kernel/context.ts';
import type { Finding, FindingCode } from '../../kernel/finding.ts';
import { type DataPath, renderPath } from '../../kernel/place.ts';
import { locate } from '../../kernel/yaml-positions.ts';
import { twinFindings } from '../findings.ts';
import { mappingOf } from '../render/merge.ts';
import { resolveConfig } from '../resolve.ts';
import type { FlatConfig } from '../types.ts';
import { checkJobs } from './jobs.ts';
import { type CiSchema, checkCiSchema } from './schema.ts';
import { checkScripts } from './shell.ts';

export interface CheckRequest {
  /** As rendered: `extends` and `!reference` as written. */
  readonly config: FlatConfig;
  /** The file people wrote, and what is in it; places are looked up there. */
  readonly file: string;
  readonly text: string;
  readonly schema: CiSchema;
  /** Folder for temporary files. */
  readonly temporary: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** What was not checked, and why. */
  readonly notices: readonly string[];
  /** Without `extends` and `!reference`; those that lead nowhere are among the findings. */
  readonly config: FlatConfig;
}

/**
 * Checks a rendered configuration: how its parts point to each other, what GitLab asks of jobs, its schema, the shell
 * of their scripts. A job whose `extends` or `!reference` is wrong has no other findings, which would come from it.
 */
export async function checkConfig(context: Context, request: CheckRequest): Promise<Checked> {
  const place = createPlace(request);
  const { config, problems } = resolveConfig(request.config);
  const broken = new Set(problems.map(({ job }) => job));
  const whole = mappingOf(Object.entries(config).filter(([key]) => !broken.has(key)));
  const findings: Finding[] = [
    ...problems.map(({ kind, job, message }) =>
      place(kind === 'extends' ? twinFindings.EXTENDS : twinFindings.REFERENCE, [job], message),
    ),
    ...checkJobs(config, broken).map(({ code, path, message }) => place(code, path, message)),
  ];
  const schema = await schemaFindings(request, whole, place);
  const shell = await shellFindings(context, request, whole, place);
  return {
    findings: [...findings, ...(schema ?? []), ...(shell ?? [])],
    notices: [
      ...(schema ? [] : ["GitLab's schema of CI configuration is not at hand: not checked"]),
      ...(shell ? [] : ['shellcheck is not installed: scripts of jobs are not checked']),
    ],
    config,
  };
}

/** Undefined where there is no schema. */
async function schemaFindings(
  { schema }: CheckRequest,
  config: FlatConfig,
  place: PlaceFinding,
): Promise<readonly Finding[] | undefined> {
  const issues = await checkCiSchema(config, schema);
  return issues?.map(({ path, message, expected, got, suggestion }) => ({
    ...place(twinFindings.SCHEMA, path, message),
    ...(expected && { expected }),
    ...(got && { got }),
    ...(suggestion && { suggestion }),
  }));
}

/** Undefined where shellcheck is not installed. */
async function shellFindings(
  context: Context,
  { temporary }: CheckRequest,
  config: FlatConfig,
  place: PlaceFinding,
): Promise<readonly Finding[] | undefined> {
  const issues = await checkScripts(context, config, temporary);
  return issues?.map(({ job, severity, rule, line, message }) => {
    const code = severity === 'error' ? twinFindings.SHELL : twinFindings.SHELL_WARNING;
    return place(code, [job, 'script'], `job ${job}: ${rule} ${message}\n    ${line}`);
  });
}

type PlaceFinding = (code: FindingCode, path: DataPath, message: string) => Finding;

// A job of an included file is not in the text: its findings stand at the beginning, and the path says the rest.
function createPlace({ text, file }: CheckRequest): PlaceFinding {
  const locator = locate(text, 'gitlab');
  const inDocuments = (path: DataPath) => {
    const [content, afterHeader] = [locator(0, path, 'key'), locator(1, path, 'key')];
    return content.line > 1 ? content : afterHeader;
  };
  return ({ code, severity }, path, message) => ({
    ...{ code, severity, file, ...inDocuments(path), path: renderPath(path), message },
  });
}
