import { defineFindings } from './finding.ts';

/** What can be wrong with a text before anyone asks what it means. */
export const yamlFindings = defineFindings('YAML', {
  SYNTAX: {
    severity: 'error',
    about:
      'The text is not YAML (or JSON, which is read by the same parser), so nothing in it can be checked.',
  },
  DUPLICATE_KEY: {
    severity: 'error',
    about: 'A key stands twice in one mapping; parsers differ in which value they keep.',
  },
  TAG: {
    severity: 'error',
    about: 'A tag that this kind of file does not have, or a value its tag does not allow.',
  },
  KEY: {
    severity: 'error',
    about: 'A key that JSON cannot have: a list or a mapping, or a merge key where YAML 1.2 is read.',
  },
  ALIASES: {
    severity: 'error',
    about: 'Aliases that contain themselves, are too many, or expand beyond the limit (an alias bomb).',
  },
  DEPTH: {
    severity: 'error',
    about: 'Collections nested deeper than the limit.',
  },
  TOO_LARGE: {
    severity: 'error',
    about: 'More bytes or more values than the limit; the text is not read further.',
  },
});
