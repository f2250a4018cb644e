import { parseYaml } from '../../kernel/yaml.ts';
import { renderFindings } from './findings.ts';
import { isMapping, type Mapping } from './merge.ts';
import { labelled, type Report, type Source } from './report.ts';

/** One document of a file; the index counts from 0, empty ones included. */
export interface FileDocument {
  readonly value: Mapping;
  readonly index: number;
}

export interface Documents {
  readonly header: FileDocument | undefined;
  readonly content: FileDocument | undefined;
}

/** Reads the documents of a file: a first one with `spec` is the header of the second, empty ones do not count. */
export function readDocuments(source: Source, report: Report): Documents | undefined {
  const parsed = parseYaml(source.text, 'gitlab');
  if (!parsed.ok) {
    for (const { message, line, column } of parsed.problems) {
      const text = `(<unknown>): ${message} at line ${line} column ${column}`;
      report.addAt(labelled(source, { code: renderFindings.YAML, message: text }), source, line, column);
    }
    return undefined;
  }
  const [first, second, third] = parsed.documents.flatMap((value, index) =>
    value === null ? [] : [{ value, index }],
  );
  const add = (code: 'FORMAT' | 'CONTENT_IGNORED', message: string, document: number) =>
    report.add(labelled(source, { code: renderFindings[code], message }), { source, document, path: [] });
  if (third) add('FORMAT', 'The parsed YAML has too many documents', third.index);
  const headed = second !== undefined && isMapping(first?.value) && Object.hasOwn(first.value, 'spec');
  if (second && !headed) {
    add(
      'CONTENT_IGNORED',
      'the first document has no `spec`, so GitLab ignores what follows it',
      second.index,
    );
  }
  const content = headed ? second : first;
  if (content && !isMapping(content.value)) add('FORMAT', 'Invalid configuration format', content.index);
  return { header: headed ? mappingDocument(first) : undefined, content: mappingDocument(content) };
}

function mappingDocument(document: { value: unknown; index: number } | undefined): FileDocument | undefined {
  return document && isMapping(document.value) ? { value: document.value, index: document.index } : undefined;
}
