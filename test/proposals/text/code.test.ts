// Code: what is surely code for every reader stays as it is; what may be none becomes text, or is closed.
import { describe, expect, test } from 'vitest';
import { languages } from '../../../components/proposals/text/languages.ts';
import { sanitised } from './sanitised.ts';

describe('fences that are closed stay', () => {
  test.each([
    '```\n@root\n```',
    '```js\ncode\n```',
    '``` js\ncode\n```',
    '~~~\n`@root`\n~~~',
    '````\n```\n@root\n````',
    '  ```\n  x\n  ```',
    '- ```\n  @root\n  ```',
    'text\n1. ```\n   @root\n   ```',
    '> ```\n> @root\n> ```',
    'text\n```\n@root\n```\ntext',
    '```\n~~~\n```',
    '```\n``\n```',
    '```\n\n@root\n\n```',
  ])('%j stays', (text) => {
    expect(sanitised(text)).toBe(text);
  });
});

describe('fences that are open are closed', () => {
  test.each([
    ['```', '```\n```'],
    ['```\ncode', '```\ncode\n```'],
    ['~~~\ncode', '~~~\ncode\n~~~'],
    ['```\n~~~\n@root', '```\n~~~\n@root\n```'],
    ['````\n```\n@root', '````\n```\n@root\n````'],
    ['```\nx\n    ```\n@root', '```\nx\n    ```\n@root\n```'],
    ['> ```\n> x\n\n@root', '> ```\n> x\n> ```\n\n\\@root'],
    ['> ```\n@root', '> ```\n> ```\n\\@root'],
    ['- ```\n  x\n\n@root', '- ```\n  x\n\n  @root\n  ```'],
    ['~~~js\nx\n~~~~', '~~~js\nx\n~~~'],
    ['```\nx\n```  \n@root', '```\nx\n```\n\\@root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('what is less indented than its fence is moved', () => {
  test.each([
    ['- ```\nx\n```\n@root', '- ```\n  x\n  ```\n\\@root'],
    ['> -   ~~~\n>\t@root', '> -   ~~~\n>     @root\n>     ~~~'],
    ['> -   ~~~\n> \t@root', '> -   ~~~\n>     @root\n>     ~~~'],
    ['   ```\nx\n   ```', '   ```\n   x\n   ```'],
    ['1. ```\n   x\n  y\n   ```', '1. ```\n   x\n   y\n   ```'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('fences that are none', () => {
  test.each([
    ['    ```\n@root\n    ```', '    \\`\\`\\`\n\\@root\n    \\`\\`\\`'],
    ['text\n2. ```\n   @root\n   ```', 'text\n2. \\`\\`\\`\n   \\@root\n   ```\n   ```'],
    ['\t```\n\t@root', '    \\`\\`\\`\n    \\@root'],
    ['``` `x\n@root', '\\`\\`\\` \\`x\n\\@root'],
    ['text ```\n@root\n```', 'text \\`\\`\\`\n\\@root\n```\n```'],
    ['\\```\n@root\n```', '\\`\\`\\`\n\\@root\n```\n```'],
    ['-\t```\n\t@root\n\t```', '-\t\\`\\`\\`\n    \\@root\n    \\`\\`\\`'],
    ['- - ```\n    @root\n    ```', '- - \\`\\`\\`\n    \\@root\n    ```\n    ```'],
    ['```x``` @root', '```x``` \\@root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

describe('languages that are drawn, fetched, or offered as a change become text', () => {
  test.each([
    ['```mermaid\nx\n```', '```text\nx\n```'],
    ['```plantuml\nx\n```', '```text\nx\n```'],
    ['```graphviz\nx\n```', '```text\nx\n```'],
    ['```math\nx\n```', '```text\nx\n```'],
    ['```suggestion:-0+0\nx\n```', '```text\nx\n```'],
    ['```suggestion\nx\n```', '```text\nx\n```'],
    ['```geojson\n{}\n```', '```text\n{}\n```'],
    ['```stl\nx\n```', '```text\nx\n```'],
    ['```json:table\n{}\n```', '```json\n{}\n```'],
    ['```js {data-x=y}\nx\n```', '```js\nx\n```'],
    ['```MerMaid\nx\n```', '```text\nx\n```'],
    ['~~~mermaid `x`\nx\n~~~', '~~~text\nx\n~~~'],
    ['```\u200bmermaid\nx\n```', '```text\nx\n```'],
    ['```unheard-of\nx\n```', '```text\nx\n```'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});

test('none of the languages that are kept is one that GitLab or Kroki draws', () => {
  const drawn =
    `math mermaid plantuml c4plantuml kroki suggestion geojson topojson stl json:table actdiag blockdiag bpmn
    bytefield d2 dbml diagramsnet ditaa dot erd excalidraw graphviz nomnoml nwdiag packetdiag pikchr rackdiag seqdiag
    structurizr svgbob symbolator tikz umlet vega vegalite wavedrom wireviz`.split(/\s+/);
  expect(drawn.filter((name) => languages.has(name))).toEqual([]);
  for (const name of languages)
    expect(sanitised(`\`\`\`${name}\nx\n\`\`\``)).toBe(`\`\`\`${name}\nx\n\`\`\``);
});

describe('spans', () => {
  test.each(['`a`', '``a`b``', '`` ` ``', '`a\\`', '`a` `b` c', '```x```', '`@root` `#1`'])(
    '%j stays',
    (text) => {
      expect(sanitised(text)).toBe(text);
    },
  );
});

describe('spans that are open become signs', () => {
  test.each([
    ['`a', '\\`a'],
    ['a`', 'a\\`'],
    ['``a`', '\\`\\`a\\`'],
    ['`a``', '\\`a\\`\\`'],
    ['`a` `b', '`a` \\`b'],
    ['`a\nb`', '\\`a\nb\\`'],
    ['\\`a`', '\\`a\\`'],
    ['\\\\`a', '\\\\\\`a'],
    ['` @root', '\\` \\@root'],
    ['```a`` @root', '\\`\\`\\`a\\`\\` \\@root'],
  ])('%j becomes %j', (given, expected) => {
    expect(sanitised(given)).toBe(expected);
  });
});
