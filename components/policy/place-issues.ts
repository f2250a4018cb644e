import { compareFindings, type Finding } from '../kernel/finding.ts';
import { renderPath } from '../kernel/place.ts';
import { locateManifest } from '../kernel/yaml-locate.ts';
import type { PlacedIssue } from './check-document.ts';
import type { DocumentPlace, PolicyFile } from './types.ts';

/** What is to be said of a document. */
export interface IssueOfDocument {
  readonly at: DocumentPlace;
  readonly issue: PlacedIssue;
}

/** Makes findings of what is said about documents, in the order people read in; each text is looked through once. */
export function placeIssues(issues: readonly IssueOfDocument[]): readonly Finding[] {
  const locators = new Map<PolicyFile, ReturnType<typeof locateManifest>>();
  const findings = issues.map(({ at: { file, document }, issue }): Finding => {
    const { code, path, target, inside: _, ...words } = issue;
    const locator = locators.get(file) ?? locateManifest(file.text);
    locators.set(file, locator);
    const { line, column } = locator(document, path, target ?? 'value');
    return {
      ...{ code: code.code, severity: code.severity, file: file.path, line, column },
      ...{ path: renderPath(path), ...words },
    };
  });
  return findings.sort(compareFindings);
}
