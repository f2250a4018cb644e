import { receivePush } from '../pushes.ts';
import { forbidden, invalidRecord } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import { userOf } from './find-in-call.ts';
import { mayRunOn } from './start-pipeline.ts';

/**
 * The tag of a release: the one there is, else a new one on `ref`, with a message annotated. A new tag is a push and may
 * start a pipeline.
 *
 * @throws Refusal 403 for a protected tag, 422 without `ref`, 400 where it names no commit
 */
export async function ensureTag(
  call: ProjectCall,
  name: string,
  ref: string | undefined,
  message: string | undefined,
): Promise<void> {
  const { twin, project } = call;
  const user = userOf(call);
  if (!mayRunOn(user, project, name, true)) throw forbidden();
  if ((await twin.repositories.tags(project)).has(name)) return;
  if (ref === undefined) throw invalidRecord('Ref is not specified', 422);
  const sha = await twin.repositories.resolve(project, ref);
  if (sha === undefined) throw invalidRecord(`Target ${ref} is invalid`);
  const tagger = { name: user.name, email: user.email };
  const isPlain = message === undefined || message === '';
  const object = isPlain ? sha : await twin.repositories.annotate(project, { name, sha, message, tagger });
  const made = await twin.repositories.updateRef(project, `refs/tags/${name}`, object, undefined);
  if (!made) throw invalidRecord('Tag name invalid');
  const before = '0'.repeat(sha.length);
  await receivePush(twin, project, { ref: `refs/tags/${name}`, before, after: sha, options: [] }, user);
}
