import type { FileDiff } from '../gitlab/endpoints/diffs.ts';
import { readFile } from '../gitlab/endpoints/files.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import type { Failure } from '../kernel/failure.ts';
import { compareFindings, type Finding } from '../kernel/finding.ts';
import { redactData } from '../kernel/redact.ts';
import { defaultYamlLimits } from '../kernel/yaml-limits.ts';
import { checkText } from '../manifest/check.ts';
import { isBlocking } from '../manifest/gate.ts';
import { rules } from '../manifest/rules.gen.ts';
import { ignoredFolders } from '../manifest/run.ts';
import { manifestName } from './asked.ts';
import type { TargetFacts } from './target.ts';

/** Manifests that are read of one merge request. */
const mostManifests = 100;
const link = '120000';

/** What `validate` in mode enforce would stop a merge for. */
export interface BlockingFindings {
  /** Manifests that were read. */
  readonly manifests: number;
  /** Those that were not, since there are too many. */
  readonly unread: number;
  readonly findings: readonly Finding[];
}

/**
 * The manifests that a merge request changes and leaves there, as `validate` finds them by default. A link is not followed: what
 * it leads to is a file of its own.
 */
export function changedManifests(diffs: readonly FileDiff[]): readonly string[] {
  return diffs
    .filter(({ newPath, deletedFile, bMode }) => {
      const isIgnored = newPath.split('/').some((part) => ignoredFolders.has(part));
      return !deletedFile && bMode !== link && manifestName.test(newPath) && !isIgnored;
    })
    .map(({ newPath }) => newPath);
}

/**
 * Checks the changed manifests of the decided head by bytes that it fetches itself, with the default settings of all rules; files
 * that they refer to are not looked up, and a baseline is not honoured: the author could have changed it.
 */
export async function findBlocking(
  { redact, cancel }: Pick<Context, 'redact' | 'cancel'>,
  gitlab: GitLab,
  { project, head }: Pick<TargetFacts, 'project' | 'head'>,
  paths: readonly string[],
): Promise<BlockingFindings> {
  const read = paths.slice(0, mostManifests);
  const findings: Finding[] = [];
  for (const path of read) {
    cancel.throwIfAborted();
    const bytes = await readFile(gitlab, { project: project.id, file: path, ref: head });
    findings.push(...(await checkBytes(path, bytes)));
  }
  const blocking = findings.filter((finding) => isBlocking(finding, false)).sort(compareFindings);
  return {
    ...{ manifests: read.length, unread: paths.length - read.length },
    findings: redactData(redact, blocking),
  };
}

async function checkBytes(file: string, bytes: Uint8Array): Promise<readonly Finding[]> {
  const limit = defaultYamlLimits.manifest.bytes;
  if (bytes.length > limit)
    return [toFinding(file, fileErrors.TOO_LARGE({ file, bytes: bytes.length, limit }))];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [toFinding(file, fileErrors.NOT_TEXT({ file }))];
  }
  return (await checkText(file, text, rules)).findings;
}

function toFinding(file: string, { code, message, fix }: Failure): Finding {
  return { code, severity: 'error', file, line: 1, column: 1, path: '', message, fix };
}
