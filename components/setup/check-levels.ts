import { getTag, type Tag } from '../gitlab/endpoints/tags.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failure } from '../kernel/failure.ts';
import { type PinnedLevel, parsePinnedLevels } from '../policy/pinned-level.ts';
import type { Configuration } from './configuration.ts';
import { type Hiding, known } from './facts.ts';
import { ofKnown, ok, wrong } from './lines.ts';
import type { CheckLine, Known } from './types.ts';

/**
 * Whether the tags that levels are pinned at are protected: one that moves changes no decision, and stops all of them.
 */
export async function checkLevels(
  gitlab: GitLab,
  configuration: Configuration | undefined,
  hides: Hiding,
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const text of configuration?.levels ?? []) {
    const level = parse(text);
    if ('check' in level) lines.push(level);
    else lines.push(judge(level, await known(getTag(gitlab, level), hides)));
  }
  return lines;
}

function parse(text: string): PinnedLevel | CheckLine {
  try {
    const [level] = parsePinnedLevels([text]);
    if (level !== undefined) return level;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return wrong('levels', {
    expected: 'name=group/project:bundle.json@tag#sha256:digest',
    got: JSON.stringify(text),
    fix: 'Write it as docs/policies.md shows; apply decides nothing until then.',
  });
}

function judge({ name, project, tag }: PinnedLevel, asked: Known<Tag>): CheckLine {
  const check = `level ${name}`;
  const fix = `Let the user of this token be a reporter of ${project}, and see that it has the tag ${tag}.`;
  const found: Known<Tag> = asked.known ? asked : { ...asked, fix };
  return ofKnown(check, { found }, (values) =>
    values.found.protected
      ? ok(check, `the tag ${tag} of ${project} is protected`)
      : wrong(check, {
          expected: `a protected tag ${tag} in ${project}`,
          got: 'it is not protected',
          fix: `Protect it there under Settings > Repository > Protected tags: whoever moves it stops all decisions.`,
        }),
  );
}
