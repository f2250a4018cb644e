import type { Push, Twin } from '../ports.ts';
import { Refusal } from '../server/reply.ts';
import type { Actor } from '../server/types.ts';
import type { Project } from '../world/project.ts';
import type { Announce } from './announce.ts';
import type { Git } from './git.ts';
import { writeHooks } from './pre-receive.ts';
import { isForceRefused, refusalOf } from './push-rules.ts';
import { acceptedRefs, declinedReport, withMessages } from './receive-report.ts';
import { type ReceiveRequest, readReceiveRequest } from './receive-request.ts';
import { receiveSettings } from './receive-settings.ts';

/** Takes in a push and gives the answer for the client. */
export type Receive = (
  git: Git,
  project: Project,
  actor: Actor,
  body: AsyncIterable<Uint8Array>,
) => Promise<Uint8Array>;

/** As GitLab's hooks do: one reference that may not move declines the whole push. */
export function createReceive(twin: Twin, announce: Announce): Receive {
  let written: Promise<string> | undefined;
  const hooksFolder = () => {
    written ??= writeHooks(twin.context, twin.world.folder);
    return written;
  };
  return async (git, project, actor, body) => {
    const pieces = body[Symbol.asyncIterator]();
    const request = await readReceiveRequest(pieces);
    if (request === undefined) throw new Refusal(400, { message: 'This is no push' });
    const refusals = request.changes.flatMap((change) => refusalOf(actor.user, project, change) ?? []);
    if (refusals[0] !== undefined) {
      await drain(pieces);
      return declinedReport(request, `GitLab: ${refusals[0]}`);
    }
    const answer = await run(git, project, request, pieces, await hooksFolder());
    const accepted = acceptedRefs(answer, request.capabilities);
    const moved = request.changes.filter(({ ref }) => accepted.has(ref));
    const pushes = moved.map((change): Push => ({ ...change, options: optionsOf(request, actor) }));
    if (pushes.length === 0) return answer;
    const messages = await announce(twin, project, pushes, actor.user);
    return withMessages(answer, request.capabilities, messages);
  };
}

/** A push with a job token starts no pipeline. Source: docs.gitlab.com/ci/jobs/ci_job_token, on pushes. */
function optionsOf({ options }: ReceiveRequest, { token }: Actor): readonly string[] {
  return token.kind === 'job' ? [...options, 'ci.skip'] : options;
}

async function run(
  git: Git,
  project: Project,
  { head, changes }: ReceiveRequest,
  rest: AsyncIterator<Uint8Array>,
  hooks: string,
): Promise<Buffer> {
  const guarded = changes.filter((change) => isForceRefused(project, change));
  const pieces: Uint8Array[] = [];
  await git.try(['receive-pack', '--stateless-rpc', '.'], {
    input: joined(head, rest),
    env: { TWIN_NO_FORCE: guarded.map(({ ref }) => ref).join('\n') },
    config: [...receiveSettings, `core.hooksPath=${hooks}`],
    onBytes: (bytes) => void pieces.push(bytes),
  });
  return Buffer.concat(pieces);
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** A client sends all it has before it reads an answer. */
async function drain(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await pieces.next()).done !== true);
}
