const secretNames = /token|secret|password|authorization/i;

/** Characters of one value a journal keeps. */
const maxKept = 10_000;

/** A copy of a request's parameters for the journal, with secrets masked by their names and by their forms. */
export function maskRecord(redact: (text: string) => string, record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, mask(redact, value, name)]));
}

function mask(redact: (text: string) => string, value: unknown, name: string): unknown {
  if (typeof value === 'string') return secretNames.test(name) ? '[MASKED]' : shorten(redact(value));
  if (value instanceof File) return `file ${value.name}, ${value.size} bytes`;
  if (Array.isArray(value)) return value.map((element) => mask(redact, element, name));
  return typeof value === 'object' && value !== null ? maskRecord(redact, value) : value;
}

function shorten(text: string): string {
  return text.length <= maxKept ? text : `${text.slice(0, maxKept)}… (${text.length} characters)`;
}
