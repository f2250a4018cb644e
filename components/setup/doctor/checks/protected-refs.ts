import { few, ofKnown, ok, wrong } from '../../lines.ts';
import { letDevelopers, levels } from '../../protection.ts';
import { defineCheck } from '../check.ts';
import { isSecret } from '../secret-names.ts';

const name = 'protected branches and tags';

export const check = defineCheck({
  id: 'protected-refs',
  topic: 'secrets',
  about:
    'Where there are protected secrets, developers can neither push to a protected branch nor create a protected tag: pipelines of those see the secrets, whatever the commit holds.',
  run: ({ project, variables, rules, tags }) => [
    ofKnown(name, { variables, rules, tags }, (known) => {
      const secrets = known.variables.filter((one) => one.protected && isSecret(one.key));
      const branches = known.rules.filter(
        (rule) => rule.name !== project.defaultBranch && letDevelopers([rule], 'push'),
      );
      const open = known.tags.filter(({ createAccessLevels }) =>
        createAccessLevels.some(
          ({ accessLevel }) =>
            accessLevel !== undefined && accessLevel > levels.nobody && accessLevel <= levels.developer,
        ),
      );
      const found = [
        ...branches.map((rule) => `branch ${rule.name}: developers may push`),
        ...open.map((tag) => `tag ${tag.name}: developers may create it`),
      ];
      if (found.length === 0) return ok(name, 'none is open to developers');
      if (secrets.length === 0)
        return ok(name, `no protected secret is here to be seen by them: ${few(found)}`);
      return wrong(name, {
        expected: `none that developers write by themselves, since pipelines of them see ${few(secrets.map(({ key }) => key))}`,
        got: few(found),
        fix: 'Settings > Repository > Protected branches, Protected tags: maintainers alone; or DELETE /projects/:id/protected_branches/:name, which leaves a branch without secrets.',
      });
    }),
  ],
});
