import type { AnswerFile } from './answer-file.gen.ts';
import type { ResultParts, SessionEnd } from './result.ts';
import type { AnswerRules } from './types.ts';

interface AnswerParts extends Pick<ResultParts, 'version' | 'manifest' | 'target'> {
  readonly session: Pick<ResultParts['session'], 'id' | 'epoch'>;
  /** What the manifest declares now. */
  readonly asked: AnswerRules | undefined;
}

/**
 * Makes what later jobs read of a session (schemas/answer.schema.json); nothing before it is complete, so that whoever finds the
 * file need ask no more.
 */
export function makeAnswer(
  { version, session, manifest, target, asked }: AnswerParts,
  { outcome, answer, sources }: SessionEnd,
): AnswerFile | undefined {
  if (outcome !== 'complete' || answer === undefined || answer.schema !== asked?.digest) return undefined;
  const { path, digest, name } = manifest;
  const { base, head, mergeRequest } = target;
  return {
    format: 'pipewright/answer/v1',
    version,
    session: { id: session.id, epoch: session.epoch },
    agent: { path, digest, name },
    target: { base, head, ...(mergeRequest === undefined ? {} : { mergeRequest }) },
    schema: answer.schema,
    sources: [...sources],
    // It fits a schema of type object.
    value: answer.value as AnswerFile['value'],
  };
}
