import type { VariableName } from '../../../gitlab/endpoints/variables.ts';
import { variableNames } from '../../check-variables.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import { isSecret } from '../secret-names.ts';

const setting = 'Settings > CI/CD > Variables';
/** Harmless in the hands of an author, by design: docs/trusted-project.md. */
const { trigger } = variableNames;
/** What only the trusted project has. */
const elsewhere: readonly string[] = [variableNames.token, variableNames.key];

export const check = defineCheck({
  id: 'merge-request-secrets',
  topic: 'secrets',
  about:
    'No variable that is named like a secret is seen by pipelines of merge requests, whose authors could print it; each is masked; the token and the key of the trusted project are not here. Names are judged, values are not read, and variables of groups are not looked at.',
  run: ({ variables, includes }) => {
    const applies = includes.known && includes.value.components.some(({ id }) => id === 'apply');
    return [
      ofKnown('secrets of merge requests', { variables }, (known) => checkOpen(secretsOf(known.variables))),
      ofKnown('masked secrets', { variables }, (known) => checkMasked(secretsOf(known.variables))),
      ofKnown('secrets of the trusted project', { variables }, (known) =>
        checkElsewhere(applies ? [] : known.variables),
      ),
      ofKnown('kept secrets', { variables }, (known) => checkKept(secretsOf(known.variables))),
    ];
  },
});

function secretsOf(all: readonly VariableName[]): readonly VariableName[] {
  return all.filter(({ key }) => isSecret(key));
}

const namesOf = (all: readonly VariableName[]) => few(all.map(({ key }) => key));

function checkOpen(secrets: readonly VariableName[]): CheckLine {
  const name = 'secrets of merge requests';
  const open = secrets.filter((one) => !one.protected && one.key !== trigger);
  if (open.length === 0) return ok(name, 'none');
  return wrong(name, {
    expected:
      'every secret protected: what an unprotected one holds, the author of any merge request can read',
    got: `not protected: ${namesOf(open)}`,
    fix: `${setting}: "Protect variable" on for each; or PUT /projects/:id/variables/:key with protected=true. Change what has been there openly.`,
  });
}

function checkMasked(secrets: readonly VariableName[]): CheckLine {
  const name = 'masked secrets';
  const shown = secrets.filter(({ masked }) => !masked);
  if (shown.length === 0) return ok(name, secrets.length === 0 ? 'none' : 'all of them');
  return wrong(name, {
    expected: 'every secret masked, so that logs do not show it',
    got: `not masked: ${namesOf(shown)}`,
    fix: `${setting}: "Visibility: Masked" for each, better made anew as "Masked and hidden"; or PUT /projects/:id/variables/:key with masked=true.`,
  });
}

function checkElsewhere(all: readonly VariableName[]): CheckLine {
  const name = 'secrets of the trusted project';
  const here = all.filter(({ key }) => elsewhere.includes(key));
  if (here.length === 0) return ok(name, 'none is here');
  return wrong(name, {
    expected: 'none here: whoever may merge here could act with them',
    got: namesOf(here),
    fix: `${setting}: remove them here, revoke what they held, and set new ones in the trusted project (docs/trusted-project.md).`,
  });
}

/** How each is kept, and what is worth a second look. */
function checkKept(secrets: readonly VariableName[]): CheckLine {
  const name = 'kept secrets';
  if (secrets.length === 0) return ok(name, 'none');
  const words = secrets.map(({ key, protected: isProtected, masked, hidden, environmentScope }) => {
    const kept = [
      isProtected ? 'protected' : 'open',
      masked ? 'masked' : 'shown',
      ...(hidden ? ['hidden'] : []),
    ];
    return `${key} (${kept.join(', ')}${environmentScope === '*' ? '' : `, ${environmentScope}`})`;
  });
  const expanded = secrets.filter(({ raw }) => !raw);
  const more =
    expanded.length === 0
      ? ''
      : `; a $ in ${namesOf(expanded)} is expanded, unless "Expand variable reference" is off`;
  const visible = secrets.some(({ hidden }) => !hidden);
  const line = `${few(words)}${more}`;
  return visible || more !== '' ? note(name, line) : ok(name, line);
}
