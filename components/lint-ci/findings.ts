import { defineFindings } from '../kernel/finding.ts';

/** What is said of a configuration besides its rules (rules/). */
export const lintFindings = defineFindings('LINT', {
  NOT_A_PIPELINE: {
    severity: 'error',
    about: 'The file is not a mapping, so it is no configuration of a pipeline.',
  },
  TOO_MUCH: {
    severity: 'error',
    about:
      'What references, `extends` and includes make of the configuration is beyond the limits, so it is not checked. No pipeline that people write comes near them.',
  },
  INCLUDE_NOT_FOLLOWED: {
    severity: 'info',
    about:
      'The include is from elsewhere, or has a variable in its path: what it brings is not checked here.',
  },
  INCLUDE_MISSING: {
    severity: 'error',
    about: 'A local include names no file of the checkout, leads out of it, or goes through a link.',
  },
  WAIVER_REASON: {
    severity: 'error',
    about: 'A comment waives a rule and gives no reason, so it waives nothing.',
  },
  WAIVER_UNKNOWN: {
    severity: 'warning',
    about: 'A comment waives a rule that does not exist.',
  },
  WAIVER_UNUSED: {
    severity: 'info',
    about: 'A comment waives a rule that has nothing to say about its line or the one below it.',
  },
});
