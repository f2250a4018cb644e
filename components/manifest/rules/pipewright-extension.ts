import { type DataPath, valueAt } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import type { AnswerSchemaLike } from '../../tools/declared/answer-schema.ts';
import { type DeclaredPrograms, findProgramMistakes } from '../../tools/declared/programs.ts';
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
    'What `extensions.pipewright` says cannot be used: a field that it does not have, a value of another form, a program or server that cannot be, an answer whose schema ' +
    'no answer could fit. `run` refuses such a manifest, and nothing that it proposed would be decided about.',
  check: () => [],
  checkFurther: async ({ data }) => {
    const place = places.find((path) => valueAt(data, path) !== undefined);
    if (place === undefined) return [];
    const { validate } = await import('#validators/agent-extension');
    const issues = checkSchema(validate, valueAt(data, place));
    if (issues.length > 0) return issues.map((issue) => ({ ...issue, path: [...place, ...issue.path] }));
    const programs = findProgramMistakes(place, valueAt(data, place) as DeclaredPrograms);
    const at = [...place, 'answer', 'schema'];
    const schema = valueAt(data, at);
    if (schema === undefined) return programs;
    const { findSchemaMistakes } = await import('../../tools/declared/answer-schema.ts');
    const mistakes = findSchemaMistakes(schema as AnswerSchemaLike);
    return [...programs, ...mistakes.map((mistake) => ({ ...mistake, path: [...at, ...mistake.path] }))];
  },
});
