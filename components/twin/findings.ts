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
