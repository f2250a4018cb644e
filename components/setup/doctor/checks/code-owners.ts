import { isOwned } from '../../../gitlab/code-owners.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { rulesOf } from '../../protection.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import type { DoctorFacts } from '../facts.ts';

const name = 'owners of code';
const fix =
  'Write /.gitlab-ci.yml, /agents/, /policies/ and the file itself with their owners to CODEOWNERS; Settings > Repository > Protected branches: "Require approval from code owners" on for the default branch; or PATCH /projects/:id/protected_branches/:name with code_owner_approval_required=true.';

export const check = defineCheck({
  id: 'code-owners',
  topic: 'merge',
  about:
    'On Premium owners of code approve changes of the configuration, agents and policies. On Free the file binds nobody, which is told.',
  run: (facts) => {
    if (facts.tier === 'free')
      return [note(name, 'Free asks nobody for them; what CODEOWNERS says is a hint to reviewers')];
    const { codeOwners, rules } = facts;
    return [ofKnown(name, { codeOwners, rules }, (known) => judge(facts, known.codeOwners, known.rules))];
  },
});

type Owners = Extract<DoctorFacts['codeOwners'], { known: true }>['value'];
type Rules = Extract<DoctorFacts['rules'], { known: true }>['value'];

function judge({ project }: DoctorFacts, owners: Owners, rules: Rules): CheckLine {
  const expected = 'owners of .gitlab-ci.yml, agents/, policies/ and CODEOWNERS whose approval is required';
  if (owners === undefined) return wrong(name, { expected, got: 'no CODEOWNERS', fix });
  const configuration = project.ciConfigPath || '.gitlab-ci.yml';
  const guarded = {
    [configuration.split('@')[0] ?? configuration]: configuration.split('@')[0] ?? configuration,
    'agents/': 'agents/a/agent.ossa.yaml',
    'policies/': 'policies/a.policy.yaml',
    [owners.file]: owners.file,
  };
  const open = Object.entries(guarded).flatMap(([shown, path]) => (isOwned(owners, path) ? [] : [shown]));
  const required = rulesOf(rules, project.defaultBranch ?? '').some(
    (rule) => rule.codeOwnerApprovalRequired === true,
  );
  const mistakes = [
    ...(open.length === 0 ? [] : [`no owner of ${few(open)}`]),
    ...(required ? [] : ['their approval is not required on the default branch']),
  ];
  if (mistakes.length === 0) return ok(name, `${owners.file}, and their approval is required`);
  return wrong(name, { expected, got: mistakes.join('; '), fix });
}
