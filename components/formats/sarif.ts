import type { Finding, FindingCode, Severity } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';
import { createFingerprints, describeFinding, encodePath } from './text.ts';
import { defineFormat } from './types.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** §3.27.10 knows these and `none`. */
const levelOf: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * SARIF 2.1.0, for IDEs and for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). What
 * we rely on, by section: paths are relative to a base that the reader knows (§3.4.4, §3.14.14); columns are counted in
 * UTF-16 code units where `columnKind` says so (§3.14.27) and lines and columns begin at 1 (§3.30); a result names its
 * rule by id and by index (§3.27.5, §3.27.6); keys of `partialFingerprints` carry a version (§3.27.17, §3.5.4.2); of
 * `suppressions` and `baselineState` all results of a run have some or none has (§3.27.23, §3.27.24).
 */
export const format = defineFormat({
  id: 'sarif',
  fileName: 'report.sarif',
  render: ({ title, files, old, codes = [], version }) => {
    const findings = files.flatMap((file) => file.findings);
    const ids = [...new Set(findings.map(({ code }) => code))].sort();
    const known = new Map(codes.map((code) => [code.code, code]));
    const indexOf = new Map(ids.map((id, index) => [id, index]));
    const fingerprintOf = createFingerprints();
    const results = findings.map((finding) => ({
      ruleId: finding.code,
      ruleIndex: indexOf.get(finding.code),
      level: levelOf[finding.severity],
      message: { text: plainText(describeFinding(finding).join('\n')) },
      locations: [locationOf(finding)],
      partialFingerprints: { 'pipewright/v1': fingerprintOf(finding) },
      ...(old === undefined ? {} : stateOf(old.has(finding))),
    }));
    const driver = {
      name: title,
      ...(version === undefined ? {} : { version }),
      rules: ids.map((id) => describeRule(id, known.get(id))),
    };
    const run = {
      tool: { driver },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { '%SRCROOT%': { description: { text: 'Top folder of the repository' } } },
      results,
    };
    return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2)}\n`;
  },
});

function describeRule(id: string, code: FindingCode | undefined): object {
  if (code === undefined) return { id };
  const text = plainText(code.about);
  return {
    id,
    shortDescription: { text: plainText(firstSentence(code.about)) },
    fullDescription: { text },
    help: { text },
    defaultConfiguration: { level: levelOf[code.severity] },
  };
}

function firstSentence(text: string): string {
  return /^.*?[.;](?=\s|$)/s.exec(text)?.[0].replace(/;$/, '.') ?? text;
}

function locationOf({ file, line, column, path }: Finding): object {
  // What lies outside of the repository has no place below its top.
  const base = file.startsWith('../') || file.startsWith('/') ? {} : { uriBaseId: '%SRCROOT%' };
  return {
    physicalLocation: {
      artifactLocation: { uri: encodePath(file), ...base },
      region: { startLine: line, startColumn: column },
    },
    ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path.toWellFormed() }] }),
  };
}

/** What does not count is suppressed: GitLab and others then leave it out. */
function stateOf(isOld: boolean): object {
  const suppression = { kind: 'external', status: 'accepted', justification: 'It is in the baseline.' };
  return isOld
    ? { baselineState: 'unchanged', suppressions: [suppression] }
    : { baselineState: 'new', suppressions: [] };
}

/**
 * Text as a plain message says it: braces are doubled, or `{0}` would be a placeholder (§3.11.5), and `](` is parted, or
 * what strangers wrote could be a link (§3.11.6).
 */
function plainText(text: string): string {
  const parted = text.replace(/\]\(/g, '] (').replace(/[{}]/g, '$&$&');
  return withoutControls(parted).toWellFormed();
}
