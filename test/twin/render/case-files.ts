import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import type { ProjectFiles, RenderRequest } from '../../../components/twin/render/types.ts';
import { versionFor } from '../../../components/twin/render/versions.ts';

export const casesFolder = path.join(import.meta.dirname, 'cases');

/** `case.yaml`: the request, and which folder of the case holds which ref of which project. */
interface Case {
  /** What it shows; it names the test. */
  readonly about: string;
  readonly file?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly masked?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Project → ref → folder. The folder `project` is always `acme/app` at its only commit. */
  readonly projects?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Refs of a project that are catalog versions. */
  readonly catalog?: Readonly<Record<string, readonly string[]>>;
}

export async function readCase(name: string): Promise<Case> {
  const parsed = parseYaml(await readFile(path.join(casesFolder, name, 'case.yaml'), 'utf8'), 'manifest');
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problems[0].message}`);
  return parsed.documents[0] as Case;
}

export function requestOf(name: string, facts: Case): RenderRequest {
  return {
    project: 'acme/app',
    sha: commitOf('project'),
    file: facts.file ?? '.gitlab-ci.yml',
    serverFqdn: 'gitlab.example.com',
    variables: { CI_SERVER_FQDN: 'gitlab.example.com', CI_PROJECT_PATH: 'acme/app', ...facts.variables },
    maskedVariables: facts.masked ?? [],
    files: filesOf(path.join(casesFolder, name), facts),
    ...(facts.inputs === undefined ? {} : { inputs: facts.inputs }),
  };
}

/** Commits are made from folder names: whoever reads a case need not look them up. */
function commitOf(folder: string): string {
  return createHash('sha1').update(folder).digest('hex');
}

function filesOf(root: string, facts: Case): ProjectFiles {
  const refsOf = (project: string): Readonly<Record<string, string>> | undefined =>
    project === 'acme/app' ? { HEAD: 'project' } : facts.projects?.[project];
  const folderAt = (project: string, sha: string) =>
    Object.values(refsOf(project) ?? {}).find((folder) => commitOf(folder) === sha);

  return {
    read: async (project, sha, file) => {
      const folder = folderAt(project, sha);
      const full = path.join(root, folder ?? '', file);
      return folder !== undefined && existsSync(full) ? readFile(full, 'utf8') : undefined;
    },
    list: async (project, sha) => {
      const folder = path.join(root, folderAt(project, sha) ?? '');
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
    },
    resolve: async (project, ref) => {
      const refs = refsOf(project);
      const versions = facts.catalog?.[project] ?? [];
      const name = versionFor(ref, versions) ?? ref;
      const folder = refs?.[name] ?? Object.values(refs ?? {}).find((one) => commitOf(one) === ref);
      if (folder === undefined) return undefined;
      return { sha: commitOf(folder), version: versions.includes(name) ? name : null };
    },
  };
}
