import { defineFindings } from '../../kernel/finding.ts';

/**
 * What is said of OSSA 0.3.5's components, which no published schema applies. They are rules of ours, so a manifest
 * with these mistakes still satisfies the version it declares; in one of an older version they are warnings.
 */
export const componentFindings = defineFindings('COMPONENT', {
  REQUIRED: {
    severity: 'error',
    about:
      'A component lacks a field that OSSA 0.3.5 requires of it, such as the registry of `extensions.experts`.',
  },
  TYPE: {
    severity: 'error',
    about: 'A value in a component has another type than OSSA 0.3.5 gives the field.',
  },
  ENUM: { severity: 'error', about: 'A value in a component is none of those OSSA 0.3.5 gives the field.' },
  FORMAT: {
    severity: 'error',
    about: 'A text in a component does not have the form OSSA 0.3.5 gives the field.',
  },
  RANGE: {
    severity: 'error',
    about: 'A number in a component is outside the limits OSSA 0.3.5 gives the field.',
  },
  INCOMPLETE: {
    severity: 'warning',
    about:
      "A flow's trigger or node lacks what its type needs, such as a timer's interval, so it can do nothing. OSSA " +
      'says so in words only.',
  },
  PLACE: {
    severity: 'warning',
    about:
      'A component, or a part of one, stands where OSSA 0.3.5 does not look for it, so it has no effect.',
  },
});
