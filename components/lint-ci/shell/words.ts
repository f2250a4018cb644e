import type { Command, Expansion, Word } from './types.ts';

/** Where a reader is in a script. */
export interface Reader {
  readonly text: string;
  at: number;
  /** Substitutions inside each other. */
  depth: number;
  /** Whether the innermost substitution is one in backticks, so that the next one closes it. */
  inBackticks: boolean;
  /** Here-documents whose text begins after this line. */
  pending: {
    readonly delimiter: string;
    readonly expands: boolean;
    readonly strip: boolean;
    readonly take: (word: Word) => void;
  }[];
  /** Reads commands until a closing sign, which it leaves; words cannot import it, as it reads words. */
  readonly list: (reader: Reader, end: ')' | '`') => readonly Command[];
}

/** Deeper substitutions are read as text: no script has them, and the stack has an end. */
const deepest = 40;
const name = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]/y;
const wordEnd = /[\s;&|()<>]/;
/** Runs of characters that mean nothing: taken at once, since most are such. */
const plain = /[^\s;&|()<>'"\\$`]+/y;
const plainQuoted = /[^"\\$`]+/y;
const plainExpanded = /[^\\$`]+/y;

class Parts {
  readonly texts: string[] = [];
  readonly expansions: Expansion[] = [];
  readonly inner: Command[] = [];
}

/** Reads one word; it begins at a character that begins one. */
export function readWord(reader: Reader): Word {
  const { text } = reader;
  const offset = reader.at;
  const parts = new Parts();
  const isQuoted = text[offset] === "'";
  while (reader.at < text.length) {
    const character = text[reader.at] ?? '';
    if (wordEnd.test(character) || (character === '`' && reader.inBackticks)) break;
    readPart(reader, parts, character);
  }
  const isLiteral = isQuoted && reader.at - offset === parts.texts.join('').length + 2;
  return {
    ...{ offset, text: parts.texts.join(''), literalAt: isLiteral ? offset + 1 : undefined },
    ...{ expansions: parts.expansions, inner: parts.inner },
  };
}

/** Text that is expanded and not split: the body of a here-document. */
export function readExpanded(reader: Reader, end: number): Word {
  const offset = reader.at;
  const parts = new Parts();
  while (reader.at < end) {
    const character = reader.text[reader.at] ?? '';
    if (character === '\\') takeEscape(reader, parts);
    else if (character === '$' || character === '`') readDollar(reader, parts, true);
    else takeRun(reader, parts, plainExpanded, end);
  }
  return {
    offset,
    text: parts.texts.join(''),
    literalAt: undefined,
    expansions: parts.expansions,
    inner: parts.inner,
  };
}

/** A word that nothing is expanded in. */
export function plainWord(text: string, offset: number): Word {
  return { offset, text, literalAt: undefined, expansions: [], inner: [] };
}

function readPart(reader: Reader, parts: Parts, character: string): void {
  if (character === "'") readSingle(reader, parts);
  else if (character === '"') readDouble(reader, parts);
  else if (character === '\\') takeEscape(reader, parts);
  else if (character === '$' && reader.text[reader.at + 1] === "'") {
    reader.at += 1;
    readSingle(reader, parts);
  } else if (character === '$' || character === '`') readDollar(reader, parts, false);
  else takeRun(reader, parts, plain);
}

function readSingle(reader: Reader, parts: Parts): void {
  const close = reader.text.indexOf("'", reader.at + 1);
  const end = close < 0 ? reader.text.length : close;
  parts.texts.push(reader.text.slice(reader.at + 1, end));
  reader.at = Math.min(end + 1, reader.text.length);
}

function readDouble(reader: Reader, parts: Parts): void {
  reader.at += 1;
  while (reader.at < reader.text.length && reader.text[reader.at] !== '"') {
    const character = reader.text[reader.at];
    if (character === '\\') takeEscape(reader, parts);
    else if (character === '$' || character === '`') readDollar(reader, parts, true);
    else takeRun(reader, parts, plainQuoted);
  }
  reader.at += 1;
}

function takeEscape(reader: Reader, parts: Parts): void {
  reader.at += 1;
  if (reader.text[reader.at] === '\n') reader.at += 1;
  else take(reader, parts, 1);
}

function take(reader: Reader, parts: Parts, count: number): void {
  parts.texts.push(reader.text.slice(reader.at, reader.at + count));
  reader.at += count;
}

function takeRun(reader: Reader, parts: Parts, run: RegExp, end = Number.POSITIVE_INFINITY): void {
  run.lastIndex = reader.at;
  const length = run.exec(reader.text)?.[0].length ?? 1;
  take(reader, parts, Math.min(length, end - reader.at));
}

function readDollar(reader: Reader, parts: Parts, quoted: boolean): void {
  const { text, at } = reader;
  if (text[at] === '`') {
    readBackticks(reader, parts);
    return;
  }
  const next = text[at + 1];
  if (next === '(') {
    readSubstitution(reader, parts);
    return;
  }
  if (next === '{') {
    readBraces(reader, parts, quoted);
    return;
  }
  name.lastIndex = at + 1;
  const found = name.exec(text)?.[0];
  if (found !== undefined) parts.expansions.push({ name: found, offset: at, text: `$${found}`, quoted });
  take(reader, parts, 1 + (found?.length ?? 0));
}

/** `${NAME}`, `${NAME:-word}`, `${#NAME}` (a number, so nothing is expanded) and the like. */
function readBraces(reader: Reader, parts: Parts, quoted: boolean): void {
  const { text, at } = reader;
  if (reader.depth >= deepest) {
    take(reader, parts, 2);
    return;
  }
  name.lastIndex = at + 2 + (text[at + 2] === '!' ? 1 : 0);
  const found = name.exec(text)?.[0] ?? '';
  reader.at = name.lastIndex === 0 ? at + 2 : name.lastIndex;
  const isLength = found === '#' && text[reader.at] !== '}';
  const inside = new Parts();
  reader.depth += 1;
  while (reader.at < text.length && text[reader.at] !== '}') {
    const character = text[reader.at] ?? '';
    if (
      character === '"' ||
      character === "'" ||
      character === '\\' ||
      character === '$' ||
      character === '`'
    )
      readPart(reader, inside, character);
    else take(reader, inside, 1);
  }
  reader.depth -= 1;
  reader.at = Math.min(reader.at + 1, text.length);
  const written = text.slice(at, reader.at);
  parts.texts.push(written);
  for (const command of inside.inner) parts.inner.push(command);
  // `${X@Q}` is quoted as the shell itself would.
  const isEscaped = written.endsWith('@Q}');
  if (found !== '' && !isLength && !isEscaped)
    parts.expansions.push({ name: found, offset: at, text: written, quoted });
  for (const one of isLength ? [] : inside.expansions)
    parts.expansions.push({ ...one, quoted: one.quoted || quoted });
}

/** `$(commands)` and `$((arithmetic))`, of which the second is read like the first: no program has such a name. */
function readSubstitution(reader: Reader, parts: Parts): void {
  if (reader.depth >= deepest) {
    take(reader, parts, 2);
    return;
  }
  const start = reader.at;
  reader.at += 2;
  readInner(reader, parts, ')');
  parts.texts.push(reader.text.slice(start, reader.at));
}

function readBackticks(reader: Reader, parts: Parts): void {
  if (reader.depth >= deepest) {
    take(reader, parts, 1);
    return;
  }
  const start = reader.at;
  reader.at += 1;
  readInner(reader, parts, '`');
  parts.texts.push(reader.text.slice(start, reader.at));
}

function readInner(reader: Reader, parts: Parts, end: ')' | '`'): void {
  const { pending, inBackticks } = reader;
  reader.pending = [];
  reader.depth += 1;
  reader.inBackticks = end === '`';
  // One by one: a hostile script has more than a call takes arguments.
  for (const command of reader.list(reader, end)) parts.inner.push(command);
  reader.inBackticks = inBackticks;
  reader.depth -= 1;
  reader.pending = pending;
  reader.at = Math.min(reader.at + 1, reader.text.length);
}

/** `<(commands)`: the reader stands at the parenthesis. */
export function readProcess(reader: Reader): Word {
  const offset = reader.at;
  const parts = new Parts();
  if (reader.depth >= deepest) take(reader, parts, 1);
  else {
    reader.at += 1;
    readInner(reader, parts, ')');
  }
  return {
    offset,
    text: reader.text.slice(offset, reader.at),
    literalAt: undefined,
    expansions: [],
    inner: parts.inner,
  };
}
