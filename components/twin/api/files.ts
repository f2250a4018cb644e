import { createHash } from 'node:crypto';
import type { CommitAction } from '../ports.ts';
import { invalidParameter, invalidRecord, notFound } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import { changeFiles, contentOf, mayNotPush, mayPushTo } from './change-files.ts';
import { commitOf, onCode, readsCode, writesCode } from './code.ts';
import { flagOf, textOf } from './given.ts';

const source = 'docs.gitlab.com/api/repository_files';
const text = { type: 'string' };
const flag = { type: 'boolean' };
const target = {
  branch: text,
  commit_message: text,
  start_branch: text,
  author_name: text,
  author_email: text,
};
const content = { content: text, encoding: { enum: ['text', 'base64'] }, execute_filemode: flag };
const required = ['branch', 'commit_message'];
const writing: OwnSchema = {
  source,
  body: { required: [...required, 'content'], properties: { ...target, ...content, last_commit_id: text } },
};
const deleting: OwnSchema = {
  source,
  query: { ...target, last_commit_id: text },
  body: { required, properties: {} },
};
const reading: Access = { ...readsCode, scope: 'read_repository' };
const path = '/projects/:id/repository/files/:file_path';

export const filesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: reading,
    schema: { source, query: { ref: text }, body: { required: ['ref'] } },
    handle: onCode(async (call) => {
      if (textOf(call.query.ref) === undefined) throw invalidParameter('ref is missing');
      const { facts, bytes } = await readFile(call);
      return { json: { ...facts, content: bytes.toString('base64') }, headers: headersOf(facts) };
    }),
  },
  {
    method: 'GET',
    path: `${path}/raw`,
    access: { ...reading, jobToken: true },
    schema: { source, query: { ref: text, lfs: flag } },
    handle: onCode(async (call) => {
      const { facts, bytes } = await readFile(call);
      const isText = !bytes.subarray(0, 8000).includes(0);
      const type = isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
      return { bytes, type, headers: { ...headersOf(facts), 'content-disposition': 'inline' } };
    }),
  },
  ...(['POST', 'PUT', 'DELETE'] as const).map(
    (method): Route => ({
      method,
      path,
      access: writesCode,
      schema: method === 'DELETE' ? deleting : writing,
      handle: onCode((call) => writeFile(call, method)),
    }),
  ),
];

interface FileFacts {
  readonly [name: string]: string | number | boolean;
}

async function readFile(call: ProjectCall): Promise<{ readonly facts: FileFacts; readonly bytes: Buffer }> {
  const { repositories } = call.twin;
  const filePath = call.params.file_path ?? '';
  const ref = textOf(call.query.ref) ?? 'HEAD';
  const sha = await commitOf(call, ref);
  const folder = filePath.slice(0, Math.max(0, filePath.lastIndexOf('/')));
  const entries = (await repositories.tree(call.project, sha, folder, false)) ?? [];
  const entry = entries.find((one) => one.path === filePath && one.type === 'blob');
  const found = entry && (await repositories.object(call.project, entry.id));
  if (entry === undefined || found === undefined) throw notFound('File');
  const [last] = await repositories.log(call.project, { from: sha, path: filePath, limit: 1 });
  const bytes = Buffer.from(found);
  const facts = {
    file_name: entry.name,
    file_path: entry.path,
    size: bytes.length,
    encoding: 'base64',
    content_sha256: createHash('sha256').update(bytes).digest('hex'),
    ref,
    blob_id: entry.id,
    commit_id: sha,
    last_commit_id: last?.sha ?? sha,
    execute_filemode: entry.mode === '100755',
  };
  return { facts, bytes };
}

/** `blob_id` is `x-gitlab-blob-id`; a header holds no other letters than ASCII. */
function headersOf(facts: FileFacts): Record<string, string> {
  const entries = Object.entries(facts).map(([name, value]) => {
    const safe = String(value).replace(/[^ -~]+/gu, encodeURIComponent);
    return [`x-gitlab-${name.replaceAll('_', '-')}`, safe];
  });
  return Object.fromEntries(entries);
}

const kinds = { POST: 'create', PUT: 'update', DELETE: 'delete' } as const;

async function writeFile(call: ProjectCall, method: keyof typeof kinds): Promise<Reply> {
  const all = call.body;
  const branch = textOf(all.branch) ?? '';
  const filePath = call.params.file_path ?? '';
  if (!mayPushTo(call, branch)) throw invalidRecord(mayNotPush);
  const lastCommitId = textOf(all.last_commit_id);
  const executable = flagOf(all.execute_filemode);
  const bytes = method === 'DELETE' ? undefined : contentOf(all);
  const action: CommitAction = {
    ...{ action: kinds[method], path: filePath },
    ...(bytes !== undefined && { content: bytes }),
    ...(executable !== undefined && { executable }),
    ...(lastCommitId !== undefined && { lastCommitId }),
  };
  await changeFiles(call, all, [action]);
  if (method === 'DELETE') return { status: 204 };
  return { json: { file_path: filePath, branch }, status: method === 'POST' ? 201 : 200 };
}
