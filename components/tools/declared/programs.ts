import { type DataPath, renderPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';

/** Whether a text is the path of a script in a repository: relative to its top, plain steps, nothing of git. */
export function isEntrypoint(text: string): boolean {
  return (
    !/^[-/:]|[\0\n\\]/.test(text) &&
    text.length <= 1_000 &&
    text.split('/').every((step) => !['', '.', '..', '.git'].includes(step.toLowerCase()))
  );
}

interface Program {
  readonly entrypoint: string;
}

/** A program of the repository, or one that is elsewhere. */
interface Server extends Partial<Program> {
  readonly url?: string;
  readonly arguments?: readonly string[];
  readonly egress?: boolean;
}

/** What `extensions.pipewright` says of programs, as far as its own schema has let it through. */
export interface DeclaredPrograms {
  readonly tools?: {
    readonly functions?: Readonly<Record<string, Program>>;
    readonly mcp?: Readonly<Record<string, Server>>;
  };
  readonly loop?: Program;
}

/** What keeps a program from being started or called, at its place in the manifest. */
export interface ProgramMistake {
  readonly path: DataPath;
  readonly message: string;
  readonly expected: string;
}

/**
 * What schemas/agent-extension.schema.json cannot say of programs.
 * @param at - where the extension stands
 */
export function findProgramMistakes(
  at: DataPath,
  { tools = {}, loop }: DeclaredPrograms,
): readonly ProgramMistake[] {
  const { functions = {}, mcp = {} } = tools;
  return [
    ...Object.entries(functions).flatMap(([name, { entrypoint }]) =>
      inEntrypoint([...at, 'tools', 'functions', name], entrypoint),
    ),
    ...Object.entries(mcp).flatMap(([name, server]) => inServer([...at, 'tools', 'mcp', name], server)),
    ...(loop === undefined ? [] : inEntrypoint([...at, 'loop'], loop.entrypoint)),
  ];
}

function inServer(path: DataPath, server: Server): readonly ProgramMistake[] {
  const { entrypoint, url } = server;
  const place = renderPath(path);
  const expected = '`entrypoint` for a program of the repository, or `url` for a server elsewhere';
  if (url === undefined)
    return entrypoint === undefined
      ? [{ path, message: `${place} has neither an entrypoint nor a url`, expected }]
      : inEntrypoint(path, entrypoint);
  const others = (['entrypoint', 'arguments', 'egress'] as const).filter(
    (name) => server[name] !== undefined,
  );
  return others.map((name) => {
    const message = `${place} has a url, and ${name} beside it, which only a program has`;
    return { path, message, expected };
  });
}

function inEntrypoint(path: DataPath, entrypoint: string): readonly ProgramMistake[] {
  if (isEntrypoint(entrypoint)) return [];
  const at = [...path, 'entrypoint'];
  const message = `${renderPath(at)} is ${quote(entrypoint)}`;
  const expected = 'the path of a script in the repository, relative to its top, without `..`';
  return [{ path: at, message, expected }];
}
