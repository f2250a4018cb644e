import type { User } from '../gitlab/endpoints/user.ts';
import type { CatalogFacts, Facts } from './facts.ts';
import { few, ok, unknown, wrong } from './lines.ts';
import { levels } from './protection.ts';
import type { CheckLine } from './types.ts';

/** Who starts pipelines here: GitLab reads the components with their rights. */
export function startersOf({ triggers, schedules }: Facts): readonly User[] {
  const owners = [
    ...(triggers.known ? triggers.value.flatMap(({ owner }) => owner ?? []) : []),
    ...(schedules.known ? schedules.value.map(({ owner }) => owner) : []),
  ];
  return [...new Map(owners.map((owner) => [owner.id, owner])).values()];
}

/** A private project with the components is none to whoever is not at least a reporter in it. */
export function checkCatalog({ path, project, readers }: CatalogFacts): CheckLine {
  const check = 'components';
  if (!project.known)
    return unknown(
      check,
      project.reason,
      `See that ${path} is public or internal, or that the accounts that start pipelines are reporters in it.`,
    );
  const { visibility } = project.value;
  if (visibility !== 'private') return ok(check, `${path} is ${visibility}`);
  const blind = readers.filter(
    ({ member }) =>
      member.known && (member.value?.state !== 'active' || member.value.accessLevel < levels.reporter),
  );
  if (blind.length === 0)
    return ok(check, `${path}, which ${few(readers.map(({ user }) => user.username))} can read`);
  return wrong(check, {
    expected: `${path} public or internal, or its reporters those who start pipelines here`,
    got: `private, and no reporter is ${few(blind.map(({ user }) => user.username))}`,
    fix: `Make them reporters of ${path}: without that GitLab says "content not found", and no pipeline begins.`,
  });
}
