import { explainMistakes } from '../../kernel/schema.ts';
import { defineRule } from '../rule.ts';
import type { Kind } from '../types.ts';
import { loadSchemas, schemaName } from '../versions.ts';

/** The last version whose published schema describes `spec`. */
const before = 'ossa/v0.4';
const kinds: readonly Kind[] = ['Agent', 'Task', 'Workflow', 'Flow'];

export const rule = defineRule({
  id: 'spec-as-before',
  severity: 'warning',
  about:
    'The schema of OSSA 0.5 says nothing about `spec`, so a mistake in it passes. It is held against that of 0.4, which 0.5 calls itself ' +
    'compatible with; what was wrong there is told here.',
  check: () => [],
  checkFurther: async ({ data, kind }) => {
    if (!/^ossa\/v0\.5(\.|-|$)/.test(String(data.apiVersion)) || !kinds.includes(kind)) return [];
    const name = schemaName(before, kind);
    if (name === undefined) return [];
    const [schema] = await loadSchemas(name, []);
    if (schema === undefined) return [];
    const mistakes = explainMistakes(schema, { ...data, apiVersion: before });
    return mistakes.filter(({ path }) => path[0] === 'spec').map(({ keyword: _, ...issue }) => issue);
  },
});
