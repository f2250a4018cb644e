import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Twin } from '../ports.ts';
import { Refusal } from '../server/reply.ts';
import type { Fallback } from '../server/types.ts';
import { type Announce, announcePushes } from './announce.ts';
import { type Git, gitIn } from './git.ts';
import { admitGit, type GitService } from './git-access.ts';
import { flush, packet } from './pkt-line.ts';
import { createReceive, type Receive } from './receive.ts';
import { receiveSettings } from './receive-settings.ts';

/**
 * Git's smart HTTP protocol at `/group/project.git`, with and without the suffix: clones, fetches and pushes.
 * Source: gitprotocol-http(5).
 *
 * @param announce - told of what has moved
 */
export function createSmartHttp(twin: Twin, announce: Announce = announcePushes): Fallback {
  const receive = createReceive(twin, announce);
  return async (request, response, path) => {
    const place = parsePlace(request, path);
    if (place === undefined) return false;
    try {
      await serve(twin, receive, request, response, place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { message } = error.body;
      response.writeHead(error.status, { 'content-type': 'text/plain; charset=utf-8', ...error.headers });
      response.end(`${String(message)}\n`);
    }
    return true;
  };
}

interface Place {
  readonly project: string;
  readonly service: GitService | undefined;
  readonly advertise: boolean;
}

/** Undefined of what is no address of git. */
function parsePlace(request: IncomingMessage, path: string): Place | undefined {
  const form = /^\/(?<project>.+?)(?:\.git)?\/(?<rest>info\/refs|git-upload-pack|git-receive-pack)$/.exec(
    path,
  );
  const { project, rest } = form?.groups ?? {};
  if (project === undefined) return undefined;
  const advertise = rest === 'info/refs';
  if (request.method !== (advertise ? 'GET' : 'POST')) return undefined;
  const asked = new URLSearchParams((request.url ?? '').split('?')[1] ?? '').get('service');
  return { project, advertise, service: serviceOf(advertise ? asked : rest) };
}

function serviceOf(name: string | null | undefined): GitService | undefined {
  return name === 'git-upload-pack' || name === 'git-receive-pack' ? name : undefined;
}

async function serve(
  twin: Twin,
  receive: Receive,
  request: IncomingMessage,
  response: ServerResponse,
  { project: path, service, advertise }: Place,
): Promise<void> {
  // Without a service it is the protocol of plain files, which GitLab does not speak.
  if (service === undefined) throw new Refusal(403, { message: 'Git over plain files is not supported' });
  const { project, actor } = admitGit(twin.world, request.headers, path, service);
  const git = gitIn(twin.context, twin.repositories.folderOf(project));
  response.setHeader('cache-control', 'no-cache, max-age=0, must-revalidate');
  if (advertise) {
    await twin.repositories.pointHead(project);
    return advertiseRefs(git, service, request, response);
  }
  if (request.headers['content-type'] !== `application/x-${service}-request`) {
    throw new Refusal(415, { message: 'Unsupported content type' });
  }
  response.setHeader('content-type', `application/x-${service}-result`);
  if (service === 'git-upload-pack') return upload(git, request, response);
  // To push, somebody must have come in.
  if (actor !== undefined) response.end(await receive(git, project, actor, bodyOf(request)));
}

async function advertiseRefs(
  git: Git,
  service: GitService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const env = service === 'git-upload-pack' ? protocolOf(request) : {};
  const args = [service.slice('git-'.length), '--stateless-rpc', '--advertise-refs', '.'];
  const refs = await git.bytes(args, { env, config: receiveSettings });
  if (refs === undefined) throw new Refusal(500, { message: 'The repository cannot be read' });
  response.setHeader('content-type', `application/x-${service}-advertisement`);
  const isNew = /(^|:)version=2(:|$)/.test(env.GIT_PROTOCOL ?? '');
  response.end(Buffer.concat(isNew ? [refs] : [packet(`# service=${service}\n`), flush, refs]));
}

function protocolOf(request: IncomingMessage): { readonly GIT_PROTOCOL?: string } {
  const wanted = request.headers['git-protocol'];
  return typeof wanted === 'string' && /^[a-z0-9=:.-]{1,64}$/.test(wanted) ? { GIT_PROTOCOL: wanted } : {};
}

/** Streams both ways, so that a pack of any size is never held in memory; a client that goes away ends git. */
async function upload(git: Git, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await git.try(['upload-pack', '--stateless-rpc', '.'], {
    input: bodyOf(request),
    env: protocolOf(request),
    config: receiveSettings,
    cancel: gone.signal,
    onBytes: (bytes) => write(response, bytes, gone.signal),
  });
  response.end();
}

async function write(response: ServerResponse, bytes: Uint8Array, gone: AbortSignal): Promise<void> {
  if (gone.aborted || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go);
      gone.removeEventListener('abort', go);
      resolve();
    };
    response.once('drain', go);
    gone.addEventListener('abort', go, { once: true });
  });
}

/** The body as sent, unpacked; what is left unread leaves the connection whole, so that an answer can still be given. */
function bodyOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return request.iterator({ destroyOnReturn: false });
  return pipeline(request, createGunzip(), () => undefined).iterator({ destroyOnReturn: false });
}
