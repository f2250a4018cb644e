import type { VariableName } from '../gitlab/endpoints/variables.ts';
import type { Configuration } from './configuration.ts';
import type { Facts } from './facts.ts';
import { note, ofKnown, ok, unknown, wrong } from './lines.ts';
import type { CheckLine } from './types.ts';

export const variableNames = {
  token: 'PIPEWRIGHT_GITLAB_TOKEN',
  key: 'PIPEWRIGHT_SIGNING_KEY',
  trigger: 'PIPEWRIGHT_TRIGGER_TOKEN',
  session: 'PIPEWRIGHT_SESSION_KEY',
  fork: 'PIPEWRIGHT_FORK_TOKEN',
} as const;

const setting = 'Settings > CI/CD > Variables';

/** Who may give variables to a pipeline: they change what programs of a job do (BASH_ENV, NODE_OPTIONS). */
export function checkPipelineVariables({ project }: Pick<Facts, 'project'>): CheckLine {
  const got = project.ciPipelineVariablesMinimumOverrideRole;
  const [check, expected] = ['pipeline variables', 'no_one_allowed'];
  const fix = `${setting}: "Minimum role to use pipeline variables" is "No one allowed".`;
  if (got === undefined)
    return unknown(check, 'GitLab does not tell this setting', `Use a token of a maintainer. ${fix}`);
  return got === expected ? ok(check, 'nobody may set any') : wrong(check, { expected, got, fix });
}

/** The token and the key of the trusted project itself. Their values are not read. */
export function checkOwnVariables({ variables }: Facts): readonly CheckLine[] {
  const { token, key } = variableNames;
  return [token, key].map((name) =>
    ofKnown(name, { variables }, (known) => {
      const isSet = known.variables.some((one) => one.key === name);
      if (name === key && !isSet) return note(key, 'not set: decisions are made, and recorded unsigned');
      return checkVariable(name, name, known.variables, 'protected');
    }),
  );
}

/** The key of sessions, where there are any. Without it what a session reads of a served project lies among artifacts. */
export function checkSessionKey(
  { variables }: Facts,
  configuration: Configuration | undefined,
): readonly CheckLine[] {
  const { session } = variableNames;
  if (configuration === undefined || configuration.sessions.length === 0) return [];
  const without =
    'not set: records of sessions lie in plain text among the artifacts, and a session that takes longer than its job does not go on';
  return [
    ofKnown(session, { variables }, (known) =>
      known.variables.some(({ key }) => key === session)
        ? checkVariable(session, session, known.variables, 'protected')
        : note(session, without),
    ),
  ];
}

/** `open`: merge request pipelines must see it, and they see no protected one. */
const kinds = {
  protected: {
    expected: 'a protected and masked variable',
    fix: 'protected, masked and hidden',
    otherwise: 'it is not protected',
  },
  open: {
    expected: 'a masked variable that is not protected',
    fix: 'masked, and "Protect variable" off',
    otherwise: 'it is protected, so pipelines of merge requests do not have it',
  },
} as const;

export function checkVariable(
  check: string,
  name: string,
  all: readonly VariableName[],
  kind: keyof typeof kinds,
): CheckLine {
  const { expected, fix: how, otherwise } = kinds[kind];
  const fix = `${setting} of the project: ${how}, for all environments.`;
  const own = all.filter(({ key }) => key === name);
  const everywhere = own.find(({ environmentScope }) => environmentScope === '*');
  if (everywhere === undefined) {
    const got = own.length > 0 ? 'one for some environments' : 'none; those of groups are not looked at';
    return wrong(check, { expected, got, fix });
  }
  const mistakes = [
    ...(everywhere.protected === (kind === 'protected') ? [] : [otherwise]),
    ...(own.every(({ masked }) => masked) ? [] : ['it is not masked']),
  ];
  if (mistakes.length === 0) return ok(check, expected);
  return wrong(check, { expected, got: mistakes.join(', '), fix });
}
