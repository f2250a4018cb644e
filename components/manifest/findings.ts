import { defineFindings } from '../kernel/finding.ts';

/** What the structure pass reports; codes of rules are made from the rules' ids (rules/). */
export const structureFindings = defineFindings('OSSA', {
  NOT_A_MANIFEST: {
    severity: 'error',
    about: 'The document is not a mapping with apiVersion and kind, so it is no OSSA manifest.',
  },
  VERSION: {
    severity: 'error',
    about: 'apiVersion is missing or names no OSSA version; nothing else can be checked without it.',
  },
  VERSION_LEGACY: {
    severity: 'error',
    about:
      'The manifest is of OSSA 0.1.9, a format of its own in two shapes; it is not checked, and pipewright migrate rewrites it.',
  },
  VERSION_VARIABLE: {
    severity: 'error',
    about:
      'apiVersion has a variable in it, which OSSA allows in other fields only; nothing else can be checked.',
  },
  KIND: {
    severity: 'error',
    about: 'kind is missing, is none of the kinds OSSA has, or is none that this version has.',
  },
  REQUIRED: { severity: 'error', about: 'A field that this version requires is missing.' },
  UNKNOWN_FIELD: { severity: 'error', about: 'A field stands where this version allows no other fields.' },
  TYPE: { severity: 'error', about: 'A value has another type than the field takes.' },
  ENUM: { severity: 'error', about: 'A value is none of those the field takes.' },
  FORMAT: { severity: 'error', about: 'A text does not have the form the field takes.' },
  RANGE: { severity: 'error', about: 'A number, a length or a count is outside the limits of the field.' },
  STRUCTURE: { severity: 'error', about: 'Another rule of the schema is broken; the message says which.' },
});
