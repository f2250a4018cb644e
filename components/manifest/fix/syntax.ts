import { isNode, isScalar, parseAllDocuments, visit, type YAMLMap } from 'yaml';
import { parseYaml } from '../../kernel/yaml.ts';
import { applySplices } from '../../kernel/yaml-edit/apply.ts';
import { withoutByteOrderMark } from '../../kernel/yaml-text.ts';
import type { Fixed } from './fix-text.ts';

/** Lines of a text that YAML does not take, mended where there is one way to read them; other texts come back as they are. */
export function fixSyntax(text: string): { readonly text: string; readonly fixed: readonly Fixed[] } {
  if (parseYaml(text, 'manifest').ok) return { text, fixed: [] };
  const quoted = quoteReserved(text);
  const single = removeRepeated(quoted.text);
  return { text: single.text, fixed: [...quoted.fixed, ...single.fixed] };
}

/** Mistakes the parser names one after the other; each takes a run. */
const mostLines = 100;

/** A value that begins with `@` or a backtick is a text: YAML keeps these two for later, so nothing else could be meant. */
function quoteReserved(text: string): { readonly text: string; readonly fixed: readonly Fixed[] } {
  const fixed: Fixed[] = [];
  let current = text;
  for (let count = 0; count < mostLines; count += 1) {
    const at = reservedAt(current);
    if (at === undefined) break;
    const rest = /^[^\r\n]*?(?=\s+#|\s*$)/m.exec(current.slice(at))?.[0] ?? '';
    // In brackets the value ends sooner, and where is a guess.
    if (rest === '' || /[,\]}{["\\]/.test(rest)) break;
    current = `${current.slice(0, at)}"${rest}"${current.slice(at + rest.length)}`;
    fixed.push({ by: 'syntax', code: 'YAML_SYNTAX', path: '', says: `${rest} → "${rest}"` });
  }
  return { text: current, fixed };
}

function reservedAt(text: string): number | undefined {
  const source = withoutByteOrderMark(text);
  const documents = parseAllDocuments(source, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  if ('empty' in documents) return undefined;
  for (const { errors } of documents) {
    const found = errors.find(
      ({ code, pos }) => code === 'BAD_SCALAR_START' && /[@`]/.test(source[pos[0]] ?? ''),
    );
    if (found !== undefined) return found.pos[0] + text.length - source.length;
  }
  return undefined;
}

/** A key that is given again with the same value: the second one says nothing. Of two that differ nobody knows which is meant. */
function removeRepeated(text: string): { readonly text: string; readonly fixed: readonly Fixed[] } {
  const source = withoutByteOrderMark(text);
  const documents = parseAllDocuments(source, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  if ('empty' in documents || documents.some(({ errors }) => errors.length > 0)) return { text, fixed: [] };
  const found: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const document of documents) {
    visit(document, {
      Alias: () => visit.BREAK,
      Map: (_, map) => {
        if (!map.flow) found.push(...repeatedIn(map, source));
      },
    });
  }
  const byteOrderMark = text.slice(0, text.length - source.length);
  const spans = found.map(({ start, end }) => ({ start, end, text: '' }));
  return {
    text: byteOrderMark + applySplices(source, spans),
    fixed: found.map(({ name }) => {
      return {
        by: 'syntax',
        code: 'YAML_DUPLICATE_KEY',
        path: '',
        says: `the second "${name}" says the same`,
      };
    }),
  };
}

function repeatedIn(map: YAMLMap, source: string) {
  const first = new Map<string, string>();
  return map.items.flatMap(({ key, value }, index) => {
    if (!isScalar(key) || !isNode(value) || key.source === undefined) return [];
    const meaning = JSON.stringify(value);
    const known = first.get(key.source);
    if (known === undefined) first.set(key.source, meaning);
    const start = source.lastIndexOf('\n', (key.range?.[0] ?? 0) - 1) + 1;
    const isLine = /^ *$/.test(source.slice(start, key.range?.[0] ?? 0));
    if (known !== meaning || !isLine) return [];
    const next = map.items[index + 1]?.key;
    const end = isNode(next)
      ? source.lastIndexOf('\n', (next.range?.[0] ?? 0) - 1) + 1
      : (value.range?.[2] ?? start);
    return [{ name: key.source, start, end }];
  });
}
