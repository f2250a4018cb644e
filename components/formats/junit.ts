import type { CheckedFile } from '../kernel/finding.ts';
import { renderFinding } from './text.ts';
import { defineFormat } from './types.ts';

/** GitLab's unit test report: a test case per file, failed where it has errors. */
export const format = defineFormat({
  id: 'junit',
  fileName: 'junit.xml',
  render: ({ title, files }) => {
    const failed = files.filter((file) => errorsOf(file).length > 0).length;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites><testsuite name="${escapeXml(title)}" tests="${files.length}" failures="${failed}">`,
      ...files.map((file) => renderCase(title, file)),
      '</testsuite></testsuites>',
      '',
    ].join('\n');
  },
});

function renderCase(title: string, file: CheckedFile): string {
  const errors = errorsOf(file);
  const others = file.findings.filter((finding) => finding.severity !== 'error');
  const path = escapeXml(file.path);
  const parts = [`<testcase classname="${escapeXml(title)}" name="${path}" file="${path}">`];
  if (errors.length > 0) {
    const message = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`;
    parts.push(`<failure message="${message}">${escapeXml(errors.map(renderFinding).join('\n'))}</failure>`);
  }
  if (others.length > 0)
    parts.push(`<system-out>${escapeXml(others.map(renderFinding).join('\n'))}</system-out>`);
  return `${parts.join('')}</testcase>`;
}

function errorsOf(file: CheckedFile) {
  return file.findings.filter((finding) => finding.severity === 'error');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// XML 1.0 has no way to write most control characters, so they are replaced.
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
