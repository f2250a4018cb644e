import fc from 'fast-check';

/** One expression in two spellings: `@bufbuild/cel` has no arithmetic between int and double. */
export interface Spelled {
  readonly ours: string;
  readonly theirs: string;
}

type Terms = fc.Arbitrary<Spelled>;

function same(text: string): Spelled {
  return { ours: text, theirs: text };
}

function names(...all: readonly string[]): Terms {
  return fc.constantFrom(...all).map(same);
}

/** Puts parts for the `$` of a template, in parentheses. */
function fill(template: string, ...parts: readonly Terms[]): Terms {
  return fc.tuple(...parts).map((terms) => ({
    ours: filled(
      template,
      terms.map((term) => term.ours),
    ),
    theirs: filled(
      template,
      terms.map((term) => term.theirs),
    ),
  }));
}

function filled(template: string, parts: readonly string[]): string {
  return template.split('$').reduce((text, after, index) => `${text}(${parts[index - 1]})${after}`);
}

function anyOf(templates: readonly string[], ...parts: readonly Terms[]): Terms {
  return fc.oneof(...templates.map((template) => fill(template, ...parts)));
}

const textLiterals = names('""', '"a"', '"read"', '"é🦊"', "'\\n'", 'r"\\d"', '"\\u00e9"', '"\\U0001F98A"');

/** Terms of each type over the facts of `sample`, up to a depth; `item` is a variable of the type of texts. */
function terms(
  depth: number,
  item?: string,
): { bool: Terms; int: Terms; double: Terms; text: Terms; list: Terms } {
  const leaves = {
    int: fc.oneof(
      names('i', 'j'),
      fc.integer({ min: -9, max: 9 }).map((n) => same(`${n}`)),
    ),
    double: fc.oneof(
      names('x', 'y'),
      fc.integer({ min: -20, max: 20 }).map((n) => same(`${(n / 8).toFixed(3)}`)),
    ),
    text: fc.oneof(names('s', 't', ...(item === undefined ? [] : [item])), textLiterals),
    bool: names('b', 'true', 'false'),
    list: names('l', '["a", "read"]', '[s, t]', '[""]'),
  };
  if (depth === 0) return leaves;
  const below = terms(depth - 1, item);
  const { bool, int, double, text, list } = below;
  return {
    int: fc.oneof(
      leaves.int,
      anyOf(['$ + $', '$ - $', '$ * $', '$ / $', '$ % $'], int, int),
      // Two signs in a row are none for `@bufbuild/cel`, which hides that the first one overflows.
      int.map(({ ours, theirs }) => ({ ours: `-(${ours})`, theirs: `0 - (${theirs})` })),
      anyOf(['size($)', '$.size()'], text),
      anyOf(['size($)'], list),
      anyOf(['$ ? $ : $'], bool, int, int),
    ),
    // Divided by what is not zero only, and small: there a result may be infinite, here it is an error.
    double: fc.oneof(
      leaves.double,
      anyOf(['$ + $', '$ - $', '$ * $'], double, double),
      anyOf(['-$', '$ / 2.0', '$ / -0.75'], double),
      mixed(int, double),
      anyOf(['$ ? $ : $'], bool, double, double),
    ),
    text: fc.oneof(leaves.text, anyOf(['$ + $'], text, text), anyOf(['$ ? $ : $'], bool, text, text)),
    list: fc.oneof(leaves.list, anyOf(['$ + $'], list, list), anyOf(['[$, $]'], text, text)),
    bool: conditions(below, depth, item),
  };
}

/** Small ones: large ints are compared with doubles exactly here, as CEL asks, and rounded by `@bufbuild/cel`. */
function near(int: Terms): Terms {
  return fill('$ % 1000', int);
}

const orderings = ['$ < $', '$ <= $', '$ > $', '$ >= $', '$ == $', '$ != $'];

function mixed(int: Terms, double: Terms): Terms {
  const op = fc.constantFrom('+', '-', '*');
  return fc.tuple(int, op, double, fc.boolean()).map(([whole, operator, part, turned]) => {
    const there = `double(${whole.theirs})`;
    return turned
      ? {
          ours: `(${part.ours}) ${operator} (${whole.ours})`,
          theirs: `(${part.theirs}) ${operator} ${there}`,
        }
      : {
          ours: `(${whole.ours}) ${operator} (${part.ours})`,
          theirs: `${there} ${operator} (${part.theirs})`,
        };
  });
}

function conditions(below: ReturnType<typeof terms>, depth: number, item: string | undefined): Terms {
  const { bool, int, double, text, list } = below;
  return fc.oneof(
    anyOf(['$ && $', '$ || $', '$ == $', '$ != $', '$ < $'], bool, bool),
    // As with signs: `!!x` is `x` for `@bufbuild/cel`, whatever its type.
    bool.map(({ ours, theirs }) => ({ ours: `!(${ours})`, theirs: `(${theirs}) ? false : true` })),
    anyOf(['b == $'], bool),
    anyOf(['$ ? $ : $'], bool, bool, bool),
    anyOf(orderings, int, int),
    anyOf(orderings, double, double),
    anyOf(orderings, near(int), double),
    anyOf(orderings, double, near(int)),
    anyOf(orderings, text, text),
    anyOf(['$.startsWith($)', '$.endsWith($)', '$.contains($)'], text, text),
    anyOf(['$.matches("^[a-z]+$")', '$.matches("é|(a|b)*r")', '$.matches("")'].map(escaped), text),
    anyOf(['$ in $'], text, list),
    anyOf(['$ == $', '$ != $'], list, list),
    json(below, item === undefined),
    // Within a quantifier there is no other; of the parts of a JSON value no type is known, so no text stands for one.
    ...(item === undefined ? [quantified(list, terms(depth - 1, 'v'), terms(depth - 1, 's').bool)] : []),
  );
}

// The `$` of a regular expression is no place for a part.
function escaped(template: string): string {
  return template.replace('+$"', '+\\\\z"');
}

function quantified(list: Terms, { bool, text }: { bool: Terms; text: Terms }, outer: Terms): Terms {
  return fc.oneof(
    anyOf(['$.all(v, $)', '$.exists(v, $)', '$.exists_one(v, $)', 'size($.filter(v, $)) == 1'], list, bool),
    anyOf(['s in $.map(v, $)', '$.map(v, $) == l'], list, text),
    anyOf(['"a" in $.map(v, $, $)'], list, bool, text),
    anyOf(['d.k.all(v, v == s || $)', 'd.k.exists(v, v > x || $)'], outer),
  );
}

function json({ int, double, text }: { int: Terms; double: Terms; text: Terms }, quantify: boolean): Terms {
  return fc.oneof(
    ...(quantify ? [names('d.k.exists(v, v)', 'd.k.all(v, v != null)', 'd.all(v, v != s)')] : []),
    names(
      'd.t == s',
      'd.missing == 1',
      'has(d.t)',
      'has(d.other)',
      'size(d.k) > 1',
      'd.k[0] == d.n',
      'd.k == [1]',
    ),
    names('d["t"].startsWith(s)', 'd.n > d.t', 'd.k[1] < 3', 'null in d.k', '"n" in d', 'size(d) == 3'),
    names('d.t.missing', 'd.n[0] == 1', 'd == {"n": x}', '!d.n', '-d.t == 1'),
    anyOf(['d.n < $', 'd.n == $', '$ >= d.n', '$ in d.k'], near(int)),
    anyOf(['d.n < $', 'd.n + $ > 0.5', '$ in d.k', 'd.k[0] == $'], double),
    anyOf(['d.t == $', '$ in d.k', '$ in d', 'd.n == $', 'd.k[0] == $'], text),
  );
}

/** Conditions over the facts of `sample`. */
export const generated: Terms = terms(3).bool.filter(({ ours }) => ours.length <= 1000);
