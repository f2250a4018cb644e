import { type DataPath, valueAt } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import type { AnswerSchemaLike } from '../../tools/declared/answer-schema.ts';
import { defineRule } from '../rule.ts';

/** Of two the first counts, as `run` reads it. */
const places: readonly DataPath[] = [
  ['extensions', 'pipewright'],
  ['spec', 'extensions', 'pipewright'],
];

export const rule = defineRule({
  id: 'pipewright-extension',
  severity: 'error',
  about:
    'What `extensions.pipewright` says cannot be used: a field that it does not have, a value of another form, an answer whose schema ' +
    'no answer could fit. `run` refuses such a manifest, and nothing that it proposed would be decided about.',
  check: () => [],
  checkFurther: async ({ data }) => {
    const place = places.find((path) => valueAt(data, path) !== undefined);
    if (place === undefined) return [];
    const { validate } = await import('#validators/agent-extension');
    const issues = checkSchema(validate, valueAt(data, place));
    if (issues.length > 0) return issues.map((issue) => ({ ...issue, path: [...place, ...issue.path] }));
    const at = [...place, 'answer', 'schema'];
    const schema = valueAt(data, at);
    if (schema === undefined) return [];
    const { findSchemaMistakes } = await import('../../tools/declared/answer-schema.ts');
    return findSchemaMistakes(schema as AnswerSchemaLike).map((mistake) => ({
      ...mistake,
      path: [...at, ...mistake.path],
    }));
  },
});
