/** Longest expression, in UTF-16 units. */
export const mostCharacters = 1000;

/** Limits of an expression's shape; the parser stops at them. */
export const shapeLimits = {
  maxAstNodes: 300,
  maxDepth: 24,
  maxListElements: 100,
  maxMapEntries: 20,
  maxCallArguments: 8,
} as const;

/** Regular expressions in one expression: a large one takes milliseconds to compile. */
export const mostPatterns = 8;

/** Limits of facts: UTF-16 units of texts and items of lists, parts and depth of a JSON value. */
export const factLimits = {
  characters: 1_048_576,
  items: 10_000,
  parts: 100_000,
  depth: 64,
} as const;
