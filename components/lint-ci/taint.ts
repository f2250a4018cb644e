import { untrusted } from './names/gitlab.ts';
import { programOf } from './shell/program.ts';
import type { Command, Word } from './shell/types.ts';
import { expansionsIn, upstreamOf } from './shell/walk.ts';
import type { Moment, Node, ScriptCommand, Taint } from './types.ts';

const inYaml = /\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g;
const declaring = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** How often variables that are made of variables are looked through; GitLab itself expands a few levels. */
const levels = 4;
/** Names and files that are followed at one time: each command has its own view of them. */
const mostFollowed = 200;

/**
 * Follows what strangers wrote through the variables and files of a job's script: each command with what is known when it runs.
 * Branches and loops are read as they stand, so a variable counts as tainted from where it may be.
 */
export function followTaint(
  variables: ReadonlyMap<string, Node>,
  scripts: readonly ScriptCommand[],
): readonly Moment[] {
  let taints: ReadonlyMap<string, Taint> = taintedVariables(variables);
  let files: ReadonlyMap<string, Taint> = new Map();
  return scripts.map((script): Moment => {
    const [known, knownFiles] = [taints, files];
    const moment: Moment = {
      script,
      taintOf: (name) => known.get(name) ?? taintOfPredefined(name),
      taintOfFile: (path) => knownFiles.get(path),
    };
    for (const { name, word } of assignmentsOf(script.command)) {
      const taint = taintOfWord(word, moment);
      if (taint !== undefined && taints.size < mostFollowed) taints = new Map([...taints, [name, taint]]);
      else if (taint === undefined && taints.has(name)) taints = without(taints, name);
    }
    for (const { path, taint } of writtenFiles(script.command, moment))
      if (files.size < mostFollowed) files = new Map([...files, [path, taint]]);
    return moment;
  });
}

function without(taints: ReadonlyMap<string, Taint>, name: string): ReadonlyMap<string, Taint> {
  return new Map([...taints].filter(([other]) => other !== name));
}

function taintOfPredefined(name: string): Taint | undefined {
  const known = untrusted.get(name);
  return known && { origin: name, freeText: known.freeText };
}

function taintedVariables(variables: ReadonlyMap<string, Node>): Map<string, Taint> {
  const taints = new Map<string, Taint>();
  for (let level = 0; level < levels; level += 1) {
    const before = taints.size;
    for (const [name, { value, fields }] of variables) {
      const text = fields === undefined ? value : fields.get('value')?.value;
      if (typeof text !== 'string' || taints.has(name) || fields?.get('expand')?.value === false) continue;
      for (const [, used = ''] of text.matchAll(inYaml)) {
        const taint = taints.get(used) ?? taintOfPredefined(used);
        if (taint !== undefined) taints.set(name, taint);
      }
    }
    if (taints.size === before) break;
  }
  return taints;
}

/** What strangers wrote of a word, in the commands it substitutes and the files they read too. */
export function taintOfWord(word: Word, moment: Pick<Moment, 'taintOf' | 'taintOfFile'>): Taint | undefined {
  for (const { name } of expansionsIn(word)) {
    const taint = moment.taintOf(name);
    if (taint !== undefined) return taint;
  }
  for (const command of word.inner) {
    const program = programOf(command);
    const words = [...(program?.args ?? []), ...command.redirects.map(({ target }) => target)];
    for (const { text } of words) {
      const taint = moment.taintOfFile(text);
      if (taint !== undefined) return taint;
    }
  }
  return undefined;
}

/** `NAME=word`, and the same after `export` and the like, whose words a shell does not split. */
export function assignmentsOf(command: Command): readonly { readonly name: string; readonly word: Word }[] {
  const program = command.words[0]?.text ?? '';
  if (!declaring.has(program)) return command.words.length === 0 ? command.assignments : [];
  return command.words.flatMap((word) => {
    const name = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/.exec(word.text)?.[1];
    return name === undefined ? [] : [{ name, word }];
  });
}

function writtenFiles(
  command: Command,
  moment: Moment,
): readonly { readonly path: string; readonly taint: Taint }[] {
  const redirected = command.redirects.filter(({ operator }) => /^&?>/.test(operator));
  const program = programOf(command);
  const copied = program?.name === 'tee' ? program.args.filter(({ text }) => !text.startsWith('-')) : [];
  const targets = [...redirected.map(({ target }) => target.text), ...copied.map(({ text }) => text)];
  if (targets.length === 0) return [];
  const taint = taintOfOutput(command, moment);
  return taint === undefined ? [] : targets.map((path) => ({ path, taint }));
}

/** What strangers wrote of all a command is given: its words, its input, and what it reads from. */
function taintOfOutput(command: Command, moment: Moment): Taint | undefined {
  for (const one of [command, ...upstreamOf(command)]) {
    for (const word of [...one.words, ...one.input]) {
      const taint = taintOfWord(word, moment);
      if (taint !== undefined) return taint;
    }
  }
  return undefined;
}
