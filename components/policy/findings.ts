import { defineFindings } from '../kernel/finding.ts';

/** What can be wrong with a policy file beyond its YAML. Each is an error: a bundle with a mistake denies everything. */
export const policyFindings = defineFindings('POLICY', {
  VERSION: {
    severity: 'error',
    about: 'apiVersion is missing or is not pipewright/v1, so nothing else in the document can be checked.',
  },
  KIND: {
    severity: 'error',
    about: 'kind is missing or is none of the kinds that a policy file has: Policy and Certification.',
  },
  STRUCTURE: {
    severity: 'error',
    about: 'A document is not what its kind looks like: a field is missing, unknown, or has a wrong value.',
  },
  EXPRESSION: {
    severity: 'error',
    about:
      'A condition does not compile: its syntax, a fact that does not exist, a type, a function or a limit.',
  },
  DUPLICATE: {
    severity: 'error',
    about:
      'Two documents of one kind and level have the same name, or a policy has one that pipewright uses.',
  },
  NEVER_MATCHES: {
    severity: 'error',
    about:
      'No request of an action is about any of the resources beside it: a run is about a manifest, a proposal is not.',
  },
  NOT_ASKED: {
    severity: 'info',
    about:
      'Nothing asks policies for this action, or about environments for these kinds, yet: the policy is accepted, and no request fits that part of it.',
  },
  NEVER_HOLDS: {
    severity: 'warning',
    about: 'The conditions of a policy hold for no request, by the facts that can be only a few things.',
  },
  SHADOWED: {
    severity: 'warning',
    about: 'Another policy of the level decides wherever this one does, so this one changes no decision.',
  },
  UNKNOWN_WORD: {
    severity: 'warning',
    about:
      'A condition compares a fact with a word that it never is, or that OSSA does not have: most likely a misspelling.',
  },
  UNCONDITIONAL: {
    severity: 'info',
    about: 'A permit has no condition, or one that always holds: it permits whatever it is about.',
  },
  TEST_FACT: {
    severity: 'error',
    about:
      'A test of policies gives a fact that does not exist, a value of another type, or no request at all.',
  },
  TEST_FAILED: {
    severity: 'error',
    about: 'The policies say something else to a request than their test wants, or other policies say it.',
  },
  UNCOVERED: {
    severity: 'warning',
    about: 'No test shows both sides of a policy: that it decides, and that it does not though it is asked.',
  },
});
