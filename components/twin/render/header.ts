import { nearest } from '../../kernel/suggest.ts';
import { type HeaderMistake, headerMistake, unknownKeys } from './header-mistake.ts';
import { checkRuleReferences } from './input-rules.ts';
import { checkInputSpec } from './input-spec.ts';
import { isMapping, type Mapping } from './merge.ts';

export interface Header {
  /** Name → declaration; null for an input of which nothing is said. */
  readonly inputs: Mapping;
  /** Facts of the component that the file asks for. */
  readonly component: readonly string[];
  readonly mistakes: readonly HeaderMistake[];
}

const specKeys = ['inputs', 'component', 'description', 'include'];
const componentFacts = ['name', 'sha', 'version', 'reference'];

/** Reads the header document of a file. */
export function parseHeader(document: Mapping): Header {
  const mistakes: HeaderMistake[] = [...unknownKeys('header', document, ['spec'], [])];
  const given = document.spec ?? {};
  if (!isMapping(given)) mistakes.push(headerMistake('header:spec config should be a hash', ['spec']));
  const spec = isMapping(given) ? given : {};
  mistakes.push(...unknownKeys('header:spec', spec, specKeys, ['spec']));
  if (spec.include !== undefined) {
    mistakes.push(headerMistake('header:spec:include is not supported by the twin', ['spec', 'include']));
  }
  const declared = spec.inputs ?? {};
  const inputs = isMapping(declared) ? declared : {};
  if (!isMapping(declared)) {
    mistakes.push(headerMistake('header:spec:inputs config should be a hash', ['spec', 'inputs']));
  }
  for (const [name, input] of Object.entries(inputs)) mistakes.push(...checkInputSpec(name, input));
  mistakes.push(...checkRuleReferences(inputs));
  const component = spec.component ?? [];
  mistakes.push(...checkComponent(component));
  return { inputs, component: Array.isArray(component) ? component.map(String) : [], mistakes };
}

function checkComponent(value: unknown): readonly HeaderMistake[] {
  const path = ['spec', 'component'];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    return [headerMistake('header:spec:component config should be an array of strings', path)];
  }
  return value.flatMap((name: string, index) => {
    if (componentFacts.includes(name)) return [];
    const message = `header:spec:component config contains unknown values: ${name}`;
    return [{ ...headerMistake(message, [...path, index]), suggestion: nearest(name, componentFacts) }];
  });
}
