import { defineFindings } from '../kernel/finding.ts';

/** What keeps a manifest whose structure is valid from being run. */
export const sessionFindings = defineFindings('SESSION', {
  FIELD: {
    severity: 'error',
    about: 'A field that a run needs is missing, or has a value that OSSA allows and no run can use.',
  },
  SCHEMA: {
    severity: 'error',
    about:
      'The JSON Schema of an input, an output, a tool or an answer cannot be used: a keyword with a wrong value or an unknown one, a reference ' +
      'that leads nowhere, a regular expression beyond RE2.',
  },
  EXPRESSION: {
    severity: 'error',
    about:
      'The condition of a completion signal, a precondition or a postcondition is no CEL over the facts it may ask for.',
  },
  EXTENSION: {
    severity: 'error',
    about: 'What `extensions.pipewright` says cannot be used.',
  },
  UNSUPPORTED: {
    severity: 'error',
    about:
      'The manifest asks for something that this version does not do, and without which it means something else.',
  },
  IGNORED: {
    severity: 'warning',
    about: 'The manifest asks for something that this version leaves out: the session runs without it.',
  },
  TOOL_UNKNOWN: {
    severity: 'warning',
    about: 'A tool of the agent is none that we have, so the agent is not given it.',
  },
  TOOL_UNAVAILABLE: {
    severity: 'warning',
    about:
      'A tool of the agent needs something that this job has not, such as a token or a sandbox: the agent goes without it.',
  },
});
