import type { Assignment, Command, Redirect, Word } from './types.ts';
import { plainWord, type Reader, readExpanded, readProcess, readWord } from './words.ts';

/** Words that begin or end a construct and are no commands: what follows them is one. */
const keywords: ReadonlySet<string> = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', 'esac', '{', '}', '!', 'time'],
]);
const assigned = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=/;
const operator = /[0-9]*(?:<<<|<<-?|<&|<>|>>|>&|>\||&>>|&>|<|>)/y;

/**
 * Reads a script as a shell does, as far as it matters what is expanded where: all simple commands in the order of the text,
 * those of substitutions inside their words. In time linear in the text, of any text.
 */
export function parseShell(text: string): readonly Command[] {
  const reader: Reader = { text, at: 0, depth: 0, inBackticks: false, pending: [], list: readList };
  const commands: Command[] = [];
  // A closing sign that closes nothing ends a list; the script goes on behind it.
  while (reader.at < text.length) {
    for (const command of readList(reader, undefined)) commands.push(command);
    reader.at += 1;
  }
  return commands;
}

function readList(reader: Reader, end: ')' | '`' | undefined): readonly Command[] {
  const commands: Command[] = [];
  let current = new Draft(reader.at, undefined);
  const finish = (from: Command | undefined): Command | undefined => {
    const done = current.done();
    if (done !== undefined) commands.push(done);
    current = new Draft(reader.at, from);
    return done;
  };
  let nested = 0;
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at] ?? '';
    if (character === end && nested === 0) break;
    if (character === ')') nested = Math.max(0, nested - 1);
    if (character === '(') nested += 1;
    if (character === '|' && reader.text[reader.at + 1] !== '|') {
      reader.at += reader.text[reader.at + 1] === '&' ? 2 : 1;
      const from = finish(undefined);
      current = new Draft(reader.at, from);
    } else if (character === '\n') {
      reader.at += 1;
      readDocuments(reader);
      if (!current.isEmpty) finish(undefined);
    } else if (isSeparator(reader, character)) {
      reader.at += 1;
      finish(undefined);
    } else readPiece(reader, current, character);
  }
  finish(undefined);
  return commands;
}

function isSeparator({ text, at }: Reader, character: string): boolean {
  if (character === '&') return text[at + 1] !== '>';
  return character === ';' || character === '|' || character === '(' || character === ')';
}

function readPiece(reader: Reader, draft: Draft, character: string): void {
  const { text, at } = reader;
  operator.lastIndex = at;
  const sign = operator.exec(text)?.[0];
  if (/\s/.test(character)) reader.at += 1;
  else if (character === '\\' && text[at + 1] === '\n') reader.at += 2;
  else if (character === '#') reader.at = endOfLine(text, at);
  else if (sign !== undefined) readRedirect(reader, draft, sign);
  else {
    const word = readWord(reader);
    // What no word takes, such as a backtick that closes nothing, is passed over.
    if (reader.at === at) reader.at += 1;
    else draft.add(word, text.slice(at, reader.at));
  }
}

function readRedirect(reader: Reader, draft: Draft, sign: string): void {
  reader.at += sign.length;
  const kind = sign.replace(/^[0-9]+/, '');
  if ((kind === '<' || kind === '>') && reader.text[reader.at] === '(') {
    draft.add(readProcess(reader), '');
    return;
  }
  while (/[ \t]/.test(reader.text[reader.at] ?? '')) reader.at += 1;
  const start = reader.at;
  const target = readWord(reader);
  if (kind === '<<<') draft.input.push(target);
  else if (kind === '<<' || kind === '<<-') {
    const delimiter = target.text;
    const expands = !/['"\\]/.test(reader.text.slice(start, reader.at));
    reader.pending.push({
      delimiter,
      expands,
      strip: kind === '<<-',
      take: (word) => draft.input.push(word),
    });
  } else draft.redirects.push({ operator: kind, target });
}

/** The here-documents that were announced in the line above. */
function readDocuments(reader: Reader): void {
  const pending = reader.pending;
  reader.pending = [];
  for (const { delimiter, expands, strip, take } of pending) {
    const start = reader.at;
    let end = start;
    while (end < reader.text.length) {
      const next = endOfLine(reader.text, end);
      const line = reader.text.slice(end, next);
      if ((strip ? line.replace(/^\t+/, '') : line) === delimiter) break;
      end = Math.min(next + 1, reader.text.length);
    }
    take(expands ? readExpanded(reader, end) : plainWord(reader.text.slice(start, end), start));
    reader.at = Math.min(endOfLine(reader.text, end) + 1, reader.text.length);
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

class Draft {
  readonly offset: number;
  readonly from: Command | undefined;
  readonly words: Word[] = [];
  readonly assignments: Assignment[] = [];
  readonly redirects: Redirect[] = [];
  readonly input: Word[] = [];

  constructor(offset: number, from: Command | undefined) {
    this.offset = offset;
    this.from = from;
  }

  get isEmpty(): boolean {
    return this.words.length + this.assignments.length + this.redirects.length + this.input.length === 0;
  }

  add(word: Word, written: string): void {
    const first = this.words.length === 0;
    if (first && keywords.has(written)) return;
    const name = first ? assigned.exec(written)?.[1] : undefined;
    if (name !== undefined) this.assignments.push({ name, word });
    else this.words.push(word);
  }

  done(): Command | undefined {
    if (this.isEmpty) return undefined;
    const { words, assignments, redirects, input, from } = this;
    return {
      offset: words[0]?.offset ?? assignments[0]?.word.offset ?? this.offset,
      words,
      assignments,
      redirects,
      input,
      from,
    };
  }
}
