import type { Context } from '../../kernel/context.ts';
import type { Finding, FindingCode } from '../../kernel/finding.ts';
import { type DataPath, renderPath } from '../../kernel/place.ts';
import { locate } from '../../kernel/yaml-positions.ts';
import { twinFindings } from '../findings.ts';
import { missingNeeds, resolveConfig } from '../resolve.ts';
import type { FlatConfig } from '../types.ts';
import { checkCiSchema } from './schema.ts';
import { checkScripts } from './shell.ts';

export interface CheckRequest {
  /** As rendered: `extends` and `!reference` as written. */
  readonly config: FlatConfig;
  /** The file people wrote, and what is in it; places are looked up there. */
  readonly file: string;
  readonly text: string;
  /** GitLab's schema of CI configuration. */
  readonly schemaFile: string | undefined;
  /** Folder for temporary files. */
  readonly temporary: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** What was not checked, and why. */
  readonly notices: readonly string[];
  /** Without `extends` and `!reference`; undefined where they lead nowhere. */
  readonly config: FlatConfig | undefined;
}

/** Checks a rendered configuration: how its parts point to each other, GitLab's schema, the shell of its scripts. */
export async function checkConfig(context: Context, request: CheckRequest): Promise<Checked> {
  const place = createPlace(request);
  const resolved = resolveConfig(request.config);
  if (!resolved.ok) {
    const findings = resolved.problems.map(({ kind, job, message }) =>
      place(kind === 'extends' ? twinFindings.EXTENDS : twinFindings.REFERENCE, [job], message),
    );
    return { findings, notices: [], config: undefined };
  }
  const { config } = resolved;
  const findings: Finding[] = missingNeeds(config).map(({ job, need }) =>
    place(twinFindings.NEED_ABSENT, [job, 'needs'], `${job} job: undefined need: ${need}`),
  );
  const notices: string[] = [];
  if (request.schemaFile === undefined)
    notices.push("GitLab's schema of CI configuration is not at hand: not checked");
  else {
    for (const { path, message, expected, got, suggestion } of await checkCiSchema(
      context,
      config,
      request.schemaFile,
    )) {
      const details = {
        ...(expected && { expected }),
        ...(got && { got }),
        ...(suggestion && { suggestion }),
      };
      findings.push({ ...place(twinFindings.SCHEMA, path, message), ...details });
    }
  }
  const shell = await checkScripts(context, config, request.temporary);
  if (shell === undefined) notices.push('shellcheck is not installed: scripts of jobs are not checked');
  for (const { job, severity, rule, line, message } of shell ?? []) {
    const code = severity === 'error' ? twinFindings.SHELL : twinFindings.SHELL_WARNING;
    findings.push(place(code, [job, 'script'], `job ${job}: ${rule} ${message}\n    ${line}`));
  }
  return { findings, notices, config };
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
