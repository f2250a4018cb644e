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
});
