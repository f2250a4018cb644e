import type { Context } from '../../kernel/context.ts';
import { readTextFile } from '../../kernel/files.ts';
import type { Finding } from '../../kernel/finding.ts';
import { once } from '../../kernel/once.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import { defaultYamlLimits } from '../../kernel/yaml-limits.ts';
import { explainYaml, locate } from '../../kernel/yaml-positions.ts';
import { positionsOf, withoutByteOrderMark } from '../../kernel/yaml-text.ts';
import type { Node, Source } from '../types.ts';
import { nodeOf, type Work } from './node.ts';

/** A file as its documents: the header of its inputs, where it has one, and the configuration. */
export interface ReadFile {
  readonly source: Source;
  readonly header: Node | undefined;
  readonly body: Node | undefined;
  /** Why it could not be read. */
  readonly findings: readonly Finding[];
}

/** @throws FILE_NOT_FOUND and the like; TooMuch */
export async function readSource(context: Context, file: string, work: Work): Promise<ReadFile> {
  const text = await readTextFile(context, file, { maxBytes: defaultYamlLimits.gitlab.bytes });
  return parseSource(file, text, work);
}

/** @throws TooMuch */
export function parseSource(file: string, text: string, work: Work): ReadFile {
  const source = sourceOf(file, withoutByteOrderMark(text));
  const parsed = parseYaml(text, 'gitlab');
  if (!parsed.ok) {
    const findings = explainYaml(text, 'gitlab', parsed.problems).map(({ code, ...problem }): Finding => {
      return { ...problem, code: code.code, severity: code.severity, file, path: '' };
    });
    return { source, header: undefined, body: undefined, findings };
  }
  const documents = parsed.documents.map((data, index) => nodeOf(data, source, index, work));
  const [first] = documents;
  const header = first?.fields?.has('spec') === true ? first : undefined;
  const body = header === undefined ? first : documents[1];
  return { source, header, body, findings: [] };
}

function sourceOf(file: string, text: string): Source {
  return {
    ...{ file, text },
    locate: once(() => locate(text, 'gitlab')),
    positions: once(() => positionsOf(text)),
    lines: once(() => [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)]),
  };
}
