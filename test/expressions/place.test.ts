import { expect, test } from 'vitest';
import { locateIssue } from '../../components/expressions/place.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { locate } from '../../components/kernel/yaml-positions.ts';
import { mistakes, signal } from './evaluators.ts';

/** The place of the first mistake in the expression under `when`, in the last document. */
function place(text: string): string {
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const document = parsed.documents.length - 1;
  const source = (parsed.documents[document] as { readonly when: string }).when;
  const [issue] = mistakes(signal, source);
  if (issue === undefined) throw new Error(`no mistake in ${source}`);
  const { line, column } = locateIssue(
    { text, locator: locate(text, 'manifest'), document, path: ['when'] },
    source,
    issue,
  );
  return `${line}:${column}`;
}

test.each([
  ['plain', 'id: x\nwhen: cost_usd > 1.0 && confidense < 0.4\n', '2:25'],
  ['plain, at its start', 'when: confidense < 0.4', '1:7'],
  ['plain on the next line', 'when:\n  true || confidense < 0.4\n', '2:11'],
  ['plain with a tag and an anchor', 'when: !!str &a true || confidense < 0.4', '1:24'],
  ['plain with a comment', 'when: true || confidense < 0.4 # of 1', '1:15'],
  ['in a flow mapping', '{id: x, when: true || confidense < 0.4}', '1:23'],
  ['after text beyond ASCII in the line', '{"é🦊": x, when: true || confidense < 0.4}', '1:26'],
  ['single quotes', "when: 'true || confidense < 0.4'", '1:16'],
  ['single quotes with an escape behind', 'when: \'confidense < 0.4 && "it\'\'s" == "x"\'', '1:8'],
  ['single quotes with an escape before', 'when: \'"it\'\'s" == "x" && confidense < 0.4\'', '1:7'],
  ['double quotes', 'when: "true || confidense < 0.4"', '1:16'],
  ['double quotes with an escape behind', 'when: "true || confidense < 0.4 || \\"a\\" == \\"b\\""', '1:16'],
  ['double quotes with an escape before', 'when: "\\"a\\" == \\"b\\" || confidense < 0.4"', '1:7'],
  ['double quotes with a folded line before', 'when: "true ||\n  confidense < 0.4"', '1:7'],
  ['double quotes with a folded line behind', 'when: "true || confidense <\n  0.4"', '1:16'],
  ['several plain lines', 'when: true ||\n  confidense < 0.4', '1:7'],
  ['a literal block', 'when: |\n  true || confidense < 0.4\n', '1:7'],
  ['a folded block', 'when: >-\n  true ||\n  confidense < 0.4\n', '1:7'],
  ['CR LF', 'id: x\r\nwhen: true || confidense < 0.4\r\n', '2:15'],
  ['a lone CR', 'id: x\rwhen: true || confidense < 0.4\r', '2:15'],
  ['a byte order mark', '\uFEFFwhen: true || confidense < 0.4', '1:15'],
  ['an alias', 'as: &a true || confidense < 0.4\nwhen: *a', '2:7'],
  ['the second document', 'when: true\n---\nwhen: true || confidense < 0.4', '3:15'],
])('%s', (_, text, expected) => {
  expect(place(text)).toBe(expected);
});

test('a path that is not there gives the nearest place', () => {
  const text = 'a:\n  b: c\n';
  const where = { text, locator: locate(text, 'manifest'), document: 0, path: ['a', 'x'] };
  expect(locateIssue(where, 'true || confidense', { offset: 8 })).toEqual({ line: 2, column: 3 });
});
