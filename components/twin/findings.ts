import { defineFindings } from '../kernel/finding.ts';

export const twinFindings = defineFindings('TWIN', {
  EXTENDS: {
    severity: 'error',
    about: 'A job extends one that is not there, or itself.',
  },
  REFERENCE: {
    severity: 'error',
    about: 'A `!reference` leads nowhere, or in a circle.',
  },
  NEED_ABSENT: {
    severity: 'error',
    about:
      'A job needs one that the configuration does not have, and the need is not optional: GitLab refuses it.',
  },
  NEED_CIRCLE: {
    severity: 'error',
    about: 'Jobs need each other in a circle, so that none could start: GitLab refuses the pipeline.',
  },
  DEPENDENCY_ABSENT: {
    severity: 'error',
    about: 'A job takes artifacts (`dependencies`) of one that the configuration does not have.',
  },
  LATER_STAGE: {
    severity: 'error',
    about: 'A job needs, or takes artifacts of, a job of a later stage: GitLab refuses it.',
  },
  STAGE: {
    severity: 'error',
    about: 'The stage of a job is not in `stages`; a job that names none is in stage `test`.',
  },
  SCRIPT: {
    severity: 'error',
    about: 'A key on the top level is no job GitLab could run: it has no script, `run` or `trigger`.',
  },
  NO_JOBS: {
    severity: 'error',
    about: 'The configuration has no job, or only hidden ones, whose names begin with a dot.',
  },
  RULE_IF: {
    severity: 'error',
    about: 'The expression of a `rules:if` cannot be read; a variable in it is `$NAME`, without braces.',
  },
  SETUP: {
    severity: 'error',
    about: 'A twin file (twin.yaml) says what the twin cannot be set up with.',
  },
  SCHEMA: {
    severity: 'error',
    about: "The pipeline is not what GitLab's own schema of CI configuration describes.",
  },
  SHELL: {
    severity: 'error',
    about: 'shellcheck found an error in the script of a job.',
  },
  SHELL_WARNING: {
    severity: 'warning',
    about: 'shellcheck warns about the script of a job.',
  },
});
