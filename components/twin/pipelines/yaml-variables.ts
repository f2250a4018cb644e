import { isMapping } from '../config.ts';
import { rubyText } from '../render/ruby.ts';
import type { YamlVariable } from './types.ts';

/** Reads a `variables:` of the configuration, in its short and its long form. */
export function readYamlVariables(variables: unknown): readonly YamlVariable[] {
  if (!isMapping(variables)) return [];
  return Object.entries(variables).map(([key, value]) =>
    isMapping(value)
      ? { key, value: textOf(value.value), raw: value.expand === false }
      : { key, value: textOf(value), raw: false },
  );
}

/** The later of two variables of one name. */
export function mergeYamlVariables(...lists: readonly (readonly YamlVariable[])[]): readonly YamlVariable[] {
  return [...new Map(lists.flat().map((variable) => [variable.key, variable])).values()];
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : rubyText(value);
}
