import type { CheckedFile, Finding } from '../kernel/finding.ts';
import { renderFinding } from './text.ts';
import { defineFormat, type Group } from './types.ts';

/** Of manifests what is checked: GitLab then shows which of them fails. */
const ofManifests: readonly Group[] = [
  { name: 'structure', prefixes: ['FILE', 'YAML', 'OSSA'] },
  { name: 'components', prefixes: ['COMPONENT'] },
  { name: 'rules', prefixes: ['RULE'] },
];
const otherGroup = 'other';

/** Of a file that cannot be read nothing else is checked. */
const unreadable = /^(FILE|YAML)_/;

/**
 * GitLab's unit test report (https://docs.gitlab.com/ci/testing/unit_test_reports/): a test case per file and group,
 * failed where it has errors that count. Of equal names GitLab shows one, so the group is part of the name.
 */
export const format = defineFormat({
  id: 'junit',
  fileName: 'junit.xml',
  render: ({ title, files, old = new Set<Finding>(), groups = ofManifests }) => {
    const cases = files.flatMap((file) => casesOf(file, old, groups));
    const count = (has: (one: Case) => boolean) => cases.filter(has).length;
    const failures = count(({ errors }) => errors.length > 0);
    const counts = `tests="${cases.length}" failures="${failures}" skipped="${count(({ skipped }) => skipped)}"`;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites><testsuite name="${escapeXml(title)}" ${counts}>`,
      ...cases.map((one) => renderCase(title, one)),
      '</testsuite></testsuites>',
      '',
    ].join('\n');
  },
});

interface Case {
  readonly path: string;
  readonly group: string;
  readonly skipped: boolean;
  /** Errors that count. */
  readonly errors: readonly Finding[];
  readonly others: readonly Finding[];
  readonly old: readonly Finding[];
}

function casesOf(
  { path, findings }: CheckedFile,
  known: ReadonlySet<Finding>,
  groups: readonly Group[],
): Case[] {
  const cannotBeRead = findings.some(({ code }) => unreadable.test(code));
  const named = [...groups.map(({ name }) => name), otherGroup];
  return named.flatMap((group) => {
    const own = findings.filter(({ code }) => groupOf(code, groups) === group);
    if (own.length === 0 && group === otherGroup) return [];
    const counting = own.filter((finding) => !known.has(finding));
    return {
      ...{ path, group },
      skipped: own.length === 0 && cannotBeRead,
      errors: counting.filter(({ severity }) => severity === 'error'),
      others: counting.filter(({ severity }) => severity !== 'error'),
      old: own.filter((finding) => known.has(finding)),
    };
  });
}

/** A code of a prefix that nobody knows still has its case. */
function groupOf(code: string, groups: readonly Group[]): string {
  return groups.find(({ prefixes }) => prefixes.includes(code.split('_')[0] ?? ''))?.name ?? otherGroup;
}

function renderCase(title: string, { path, group, skipped, errors, others, old }: Case): string {
  const file = escapeXml(path);
  const parts = [`<testcase classname="${escapeXml(title)}" name="${file}: ${group}" file="${file}">`];
  if (skipped) parts.push('<skipped message="not checked: the file cannot be read"/>');
  if (errors.length > 0) {
    const message = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`;
    parts.push(`<failure message="${message}">${renderAll(errors)}</failure>`);
  }
  const known = old.length === 0 ? '' : `Old, in the baseline:\n${renderAll(old)}`;
  const out = [renderAll(others), known].filter((text) => text !== '').join('\n');
  if (out !== '') parts.push(`<system-out>${out}</system-out>`);
  return `${parts.join('')}</testcase>`;
}

// GitLab makes a link of `[[ATTACHMENT|path]]` in the output of a test; text of strangers shall make none.
function renderAll(findings: readonly Finding[]): string {
  return escapeXml(
    findings
      .map(renderFinding)
      .join('\n')
      .replace(/\[(?=\[)/g, '[ '),
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// XML 1.0 has no way to write most control characters, so they are replaced.
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
