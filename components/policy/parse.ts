import { digest, digestBytes } from '../kernel/canonical.ts';
import { compareFindings, type Finding } from '../kernel/finding.ts';
import { renderPath } from '../kernel/place.ts';
import { parseYaml, type YamlProblems } from '../kernel/yaml.ts';
import { locateManifest } from '../kernel/yaml-locate.ts';
import { type CheckedDocument, checkDocument, isMistake, type PlacedIssue } from './check-document.ts';
import { checkNames } from './check-names.ts';
import type { BrokenDocument, ParsedLevel, PolicyFile } from './types.ts';

/** A document with its place: documents of a file count from 0. */
export interface PlacedDocument extends CheckedDocument {
  readonly file: PolicyFile;
  readonly index: number;
}

/**
 * Reads all policy files of one level, with every mistake of every document at its place. A document with a mistake
 * is among `broken`, and so is a file that is no YAML or empty: an engine of such a level denies everything.
 * Positions are looked up only where there is something to report, since the parser that knows them is ten times slower.
 */
export async function parsePolicies(level: string, files: readonly PolicyFile[]): Promise<ParsedLevel> {
  // By path: what a decision lists first must not depend on how a folder was read.
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const unreadable: Finding[] = [];
  const read: PlacedDocument[] = [];
  for (const file of sorted) {
    const parsed = parseYaml(file.text, 'manifest');
    if (!parsed.ok) {
      unreadable.push(...(await explain(file, parsed.problems)));
      continue;
    }
    // A file without documents is most likely one that lost them, and what it forbade with them.
    const values = parsed.documents.length === 0 ? [null] : parsed.documents;
    read.push(...values.map((value, index) => ({ file, index, ...checkDocument(value) })));
  }
  const documents = checkNames(read);
  const told = documents.filter(({ issues }) => issues.length > 0);
  const placed = await placeAll(told);
  const isWrong = ({ issues }: PlacedDocument) => issues.some(isMistake);
  const right = documents.filter((document) => !isWrong(document));
  return {
    name: level,
    policies: right.flatMap(({ policy, file, index }) =>
      policy === undefined ? [] : [{ ...policy, place: { file, document: index } }],
    ),
    certifications: right.flatMap(({ certification }) => certification ?? []),
    broken: [
      ...brokenFiles(unreadable),
      ...told.flatMap((document, at) => (isWrong(document) ? [broken(document, placed[at] ?? [])] : [])),
    ],
    findings: [...unreadable, ...placed.flat()].sort(compareFindings),
    digest: digest({ level, files: files.map(({ text }) => digestBytes(text)).sort() }),
  };
}

async function explain(
  { path: file, text }: PolicyFile,
  problems: YamlProblems,
): Promise<readonly Finding[]> {
  const { explainYaml } = await import('../kernel/yaml-positions.ts');
  return explainYaml(text, 'manifest', problems).map(({ code, ...problem }): Finding => {
    return { ...problem, code: code.code, severity: code.severity, file, path: '' };
  });
}

/** The findings of each document, in the order of the documents. */
async function placeAll(documents: readonly PlacedDocument[]): Promise<readonly Finding[][]> {
  if (documents.length === 0) return [];
  const { locateIssue } = await import('../expressions/place.ts');
  const locators = new Map(documents.map(({ file }) => [file, locateManifest(file.text)]));
  return documents.map(({ file, index, issues }) => {
    const locator = locators.get(file) ?? locateManifest(file.text);
    const findings = issues.map(({ code, path, target, inside, ...words }: PlacedIssue): Finding => {
      const { line, column } =
        inside === undefined
          ? locator(index, path, target ?? 'value')
          : locateIssue({ text: file.text, locator, document: index, path }, inside.source, inside);
      const { code: id, severity } = code;
      return { code: id, severity, file: file.path, line, column, path: renderPath(path), ...words };
    });
    return findings.sort(compareFindings);
  });
}

function broken({ name, file }: PlacedDocument, findings: readonly Finding[]): BrokenDocument {
  const mistakes = findings.filter(({ severity }) => severity === 'error');
  return { name: name ?? file.path, message: summary(mistakes) };
}

function brokenFiles(unreadable: readonly Finding[]): readonly BrokenDocument[] {
  return [...new Set(unreadable.map(({ file }) => file))].map((file) => ({
    ...{ name: file, message: summary(unreadable.filter((finding) => finding.file === file)) },
  }));
}

function summary([first, ...more]: readonly Finding[]): string {
  if (first === undefined) return 'the document cannot be used';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${first.file}:${first.line}:${first.column}: ${first.message}${others}`;
}
