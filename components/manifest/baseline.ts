import { identityOf } from '../formats/text.ts';
import type { CheckedFile, Finding } from '../kernel/finding.ts';
import { defaultYamlLimits } from '../kernel/yaml-limits.ts';
import { errors } from './baseline/errors.ts';
import { baselineFormat } from './baseline/parse.ts';
import type { BaselineFinding } from './baseline.gen.ts';

/** What a baseline says about the findings of a run. */
export interface BaselineUse {
  /** As the input names it. */
  readonly file: string;
  /** Commit it was read from, where that is not the checkout. */
  readonly commit?: string;
  /** Findings it knows. */
  readonly old: ReadonlySet<Finding>;
  /** How many findings it lists that occur no more. */
  readonly gone: number;
}

/** Bytes of a baseline that are read; those of any file of ours. */
export const mostBaselineBytes = defaultYamlLimits.manifest.bytes;

/** What could not be looked at is no debt: it is not known what is in it. */
const notLookedAt = /^FILE_/;

/**
 * Tells the findings that a baseline knows from new ones: of each identity as many are old as it lists, in the order of
 * the report.
 *
 * @param absent - files of the baseline that do not exist any more; of others that were not looked at nothing is known
 */
export function compareWithBaseline(
  files: readonly CheckedFile[],
  known: readonly BaselineFinding[],
  absent: ReadonlySet<string> = new Set(),
): Pick<BaselineUse, 'old' | 'gone'> {
  const left = new Map<string, number>();
  // The same entry twice comes from merging branches that both had it; one is meant.
  for (const entry of known) {
    const identity = identityOf(entry);
    left.set(identity, Math.max(left.get(identity) ?? 0, entry.count ?? 1));
  }
  const old = new Set<Finding>();
  for (const finding of files.flatMap((file) => file.findings)) {
    const identity = identityOf(finding);
    const count = left.get(identity) ?? 0;
    if (count === 0 || notLookedAt.test(finding.code)) continue;
    left.set(identity, count - 1);
    old.add(finding);
  }
  const looked = new Set([...files.map(({ path }) => path), ...absent]);
  let gone = 0;
  for (const entry of known) {
    const identity = identityOf(entry);
    if (looked.has(entry.file)) gone += left.get(identity) ?? 0;
    left.delete(identity);
  }
  return { old, gone };
}

/**
 * The baseline that makes all findings of a run old. What is listed of files that were not looked at stays in it, so that
 * a part of the manifests can be brought up to date.
 */
export function makeBaseline(
  files: readonly CheckedFile[],
  known: readonly BaselineFinding[] = [],
  absent: ReadonlySet<string> = new Set(),
): readonly BaselineFinding[] {
  const looked = new Set([...files.map(({ path }) => path), ...absent]);
  const findings = files.flatMap((file) => file.findings).filter(({ code }) => !notLookedAt.test(code));
  const entries = new Map<string, { readonly entry: BaselineFinding; readonly count: number }>();
  for (const { file, code, path, message } of findings) {
    const entry = { file, code, path, message };
    const identity = identityOf(entry);
    entries.set(identity, { entry, count: (entries.get(identity)?.count ?? 0) + 1 });
  }
  for (const { count = 1, ...entry } of known) {
    if (!looked.has(entry.file)) entries.set(identityOf(entry), { entry, count });
  }
  return [...entries.values()]
    .map(({ entry, count }) => (count === 1 ? entry : { ...entry, count }))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** By file, so that the debt of one manifest stands together. */
function orderOf({ file, code, path, message }: BaselineFinding): string {
  return [file, code, path, message].join('\0');
}

/**
 * The text of a baseline: one finding a line, in one order, so that a change of it is read and merged line by line.
 * @throws BASELINE_TOO_LARGE
 */
export function renderBaseline(file: string, version: string, findings: readonly BaselineFinding[]): string {
  const rows = findings.map((finding) => `    ${JSON.stringify(finding)}`);
  const list = rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n  ]`;
  const head = `  "format": ${JSON.stringify(baselineFormat)},\n  "version": ${JSON.stringify(version)},`;
  const text = `{\n${head}\n  "findings": ${list}\n}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBaselineBytes) throw errors.TOO_LARGE({ file, bytes, limit: mostBaselineBytes });
  return text;
}
