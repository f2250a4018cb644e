/** What a model may send, in UTF-16 units; schemas/proposals.schema.json repeats them. */
export const textLimits = {
  title: 1_000,
  line: 1_000,
  body: 60_000,
  file: 1_024,
  replacement: 4_000,
  content: 1_000_000,
} as const;

/** What people get of a body: more than this nobody reads. GitLab's own limit is 1,000,000 characters. */
export const noteBody = { characters: 20_000, lines: 400 } as const;

/** GitLab's limit of a title is 255 characters. */
export const titleLine = { characters: 200 } as const;

/** GitLab's limit of a status' description. */
export const statusLine = { characters: 255 } as const;

/** What may stand in the place of one line: more is no suggestion, but a change. */
export const mostReplacementLines = 30;

/** Lines that a commit may take away, of all files together: more is a rewrite, which nobody looks through. */
export const mostRemovedLines = 1_000;
