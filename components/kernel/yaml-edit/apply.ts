import { type Document, parseAllDocuments } from 'yaml';
import { parseYaml } from '../yaml.ts';
import { withoutByteOrderMark } from '../yaml-text.ts';
import type { Splice, YamlEdit } from './edit.ts';
import { editData, meanTheSame } from './edit-data.ts';
import { layoutOf } from './layout.ts';
import { splicesOf } from './splices.ts';

/**
 * Makes one change in the text of a manifest and leaves all else as it is written: comments, order, quotes, line ends.
 * What the text says afterwards is compared with what the change means, so a change that would touch anything else is
 * not made.
 *
 * @param index - which document of the text, from 0
 * @returns the new text; undefined where the change cannot be made
 */
export function editYaml(text: string, index: number, edit: YamlEdit): string | undefined {
  const before = parseYaml(text, 'manifest');
  if (!before.ok) return undefined;
  const wanted = editData(before.documents[index], edit);
  const document = documentsOf(withoutByteOrderMark(text))[index];
  if (wanted === undefined || document === undefined) return undefined;
  const source = withoutByteOrderMark(text);
  const splices = splicesOf(layoutOf(source), document, edit);
  if (splices === undefined) return undefined;
  const edited = text.slice(0, text.length - source.length) + applySplices(source, splices);
  const after = parseYaml(edited, 'manifest');
  if (!after.ok || after.documents.length !== before.documents.length) return undefined;
  const isRight = after.documents.every((value, at) =>
    meanTheSame(value, at === index ? wanted.value : before.documents[at]),
  );
  return isRight ? edited : undefined;
}

/** Splices that do not overlap, in any order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  return splices
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end),
      text,
    );
}

function documentsOf(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return 'empty' in documents ? [] : documents;
}
