import { defineFindings } from '../../kernel/finding.ts';

/** What can be wrong with a configuration before GitLab looks at its jobs. */
export const renderFindings = defineFindings('RENDER', {
  FILE_MISSING: {
    severity: 'error',
    about: 'An included file, or the configuration itself, does not exist.',
  },
  FILE_EMPTY: { severity: 'error', about: 'An included file, or what follows its header, is empty.' },
  YAML: { severity: 'error', about: 'A file is not YAML that GitLab reads.' },
  FORMAT: { severity: 'error', about: 'A configuration is no mapping, or has more than header and content.' },
  CONTENT_IGNORED: {
    severity: 'warning',
    about: 'A file has two documents, but the first has no `spec`: GitLab ignores the second without a word.',
  },
  HEADER: { severity: 'error', about: 'The header of a file says what `spec` cannot say.' },
  INPUT_UNKNOWN: { severity: 'error', about: 'An input is given that the file does not declare.' },
  INPUT_REQUIRED: { severity: 'error', about: 'An input without default is not given.' },
  INPUT_INVALID: { severity: 'error', about: 'A given value or a default is not what the input allows.' },
  INPUTS_FORM: {
    severity: 'error',
    about: 'Inputs are given to a file without header, or not as a mapping.',
  },
  KEY_UNKNOWN: {
    severity: 'error',
    about:
      'A block names an input that is not declared, or a fact of the component that `spec:component` omits.',
  },
  ACCESS: {
    severity: 'error',
    about: 'A block is not of the form `inputs.name` or `component.name`, or too long.',
  },
  FUNCTION: {
    severity: 'error',
    about: 'A function of a block does not exist, or cannot be applied to the value.',
  },
  TOO_MANY_FUNCTIONS: { severity: 'error', about: 'A block has more than three functions.' },
  TOO_MANY_BLOCKS: { severity: 'error', about: 'A file has more than 10,000 different blocks.' },
  NODE_TOO_LARGE: { severity: 'error', about: 'One text of a file that has a header is larger than 1 MB.' },
  ARRAY_IN_TEXT: {
    severity: 'warning',
    about:
      'An array stands inside a text: GitLab writes it in Ruby notation, which for these items is not JSON.',
  },
  BLOCK_LEFT: {
    severity: 'error',
    about:
      'A `$[[` is left after interpolation, and a shell would take it for arithmetic. GitLab lets it pass: the file has no header, a value contains it, or it is not on one line.',
  },
  INCLUDE_FORM: { severity: 'error', about: 'An entry of `include` is not of a form that GitLab knows.' },
  INCLUDE_OFFLINE: {
    severity: 'error',
    about: 'A remote file or a template of GitLab: the twin has neither.',
  },
  INCLUDE_RULES: { severity: 'error', about: 'The rules of an include cannot be read.' },
  RULE_NOT_EVALUATED: {
    severity: 'warning',
    about: 'A rule of an include depends on what the twin does not know; it was taken as fulfilled.',
  },
  PROJECT_MISSING: { severity: 'error', about: 'A project, or the ref of a project, does not exist.' },
  COMPONENT_HOST: { severity: 'error', about: 'A component of another server, or one without version.' },
  COMPONENT_MISSING: { severity: 'error', about: 'There is no such component at that version.' },
  TOO_MANY_INCLUDES: {
    severity: 'error',
    about: 'More than 150 files are included, mostly since two include each other.',
  },
  JOB_DEFINED_TWICE: {
    severity: 'warning',
    about: 'Two includes define a job of the same name: GitLab merges them into one and says nothing.',
  },
});
