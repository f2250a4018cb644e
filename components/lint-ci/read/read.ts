import { join, normalize, resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import { findLink } from '../../kernel/files.ts';
import { findFiles } from '../../kernel/find-files.ts';
import type { FindingCode } from '../../kernel/finding.ts';
import { lintFindings } from '../findings.ts';
import type { Issue } from '../rule.ts';
import type { Include, Node, Source } from '../types.ts';
import { includesOf } from './include.ts';
import { merge, type Work } from './node.ts';
import { type ReadFile, readSource } from './source.ts';

/** GitLab's own limit of included files is 150. */
const mostFiles = 150;
const ignored = new Set(['.git', 'node_modules']);

export interface CodedIssue extends Issue {
  readonly code: FindingCode;
}

/** A configuration with the local files it includes. */
export interface ReadConfiguration {
  readonly main: ReadFile;
  readonly root: Node | undefined;
  readonly includes: readonly Include[];
  readonly files: readonly ReadFile[];
  readonly issues: readonly CodedIssue[];
}

/**
 * Reads a configuration and what it includes of the same checkout, whose top is the working directory. Nothing is read out of
 * it or through a link. @throws FILE_NOT_FOUND and the like of the file itself; TooMuch
 */
export async function readConfiguration(
  context: Context,
  file: string,
  work: Work,
): Promise<ReadConfiguration> {
  const main = await readSource(context, file, work);
  const reader = new Includer(context, work);
  reader.seen.add(normalize(file));
  reader.files.push(main);
  const root = await reader.merged(main);
  return { main, root, includes: reader.includes, files: reader.files, issues: reader.issues };
}

class Includer {
  readonly #context: Context;
  readonly #work: Work;
  readonly seen = new Set<string>();
  readonly files: ReadFile[] = [];
  readonly includes: Include[] = [];
  readonly issues: CodedIssue[] = [];

  constructor(context: Context, work: Work) {
    this.#context = context;
    this.#work = work;
  }

  /** A file over what it includes. */
  async merged({ body }: ReadFile): Promise<Node | undefined> {
    let base: Node | undefined;
    for (const include of includesOf(body)) {
      this.includes.push(include);
      for (const path of await this.#pathsOf(include)) {
        const read = await this.#read(path, include);
        const below = read === undefined ? undefined : await this.merged(read);
        if (below !== undefined) base = merge(base, below, this.#work);
      }
    }
    return body?.fields === undefined ? (base ?? body) : merge(base, body, this.#work);
  }

  async #pathsOf({ kind, target, named }: Include): Promise<readonly string[]> {
    if (kind !== 'local' || target.includes('$')) {
      this.#report(
        lintFindings.INCLUDE_NOT_FOLLOWED,
        named,
        `the ${kind} include ${target} is not looked into`,
      );
      return [];
    }
    const path = join('.', target);
    if (path.startsWith('..')) {
      this.#report(
        lintFindings.INCLUDE_MISSING,
        named,
        `the local include ${target} leads out of the checkout`,
      );
      return [];
    }
    if (!path.includes('*')) return [path];
    const { files } = await findFiles(this.#context, resolve(this.#context.cwd), [path], ignored);
    return files;
  }

  async #read(path: string, { target, named }: Include): Promise<ReadFile | undefined> {
    if (this.seen.has(path)) return undefined;
    this.seen.add(path);
    const link = await findLink(this.#context, path);
    const reason =
      link !== undefined
        ? `goes through the link ${link}`
        : this.files.length >= mostFiles
          ? `is one of more than ${mostFiles}`
          : undefined;
    if (reason !== undefined) {
      this.#report(lintFindings.INCLUDE_MISSING, named, `the local include ${target} ${reason}`);
      return undefined;
    }
    try {
      const read = await readSource(this.#context, path, this.#work);
      this.files.push(read);
      return read;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#report(lintFindings.INCLUDE_MISSING, named, `the local include cannot be read: ${error.message}`);
      return undefined;
    }
  }

  #report(code: FindingCode, node: Node, message: string): void {
    this.issues.push({ code, node, message });
  }
}

export type { Source };
