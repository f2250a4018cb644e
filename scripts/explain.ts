import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';

export const command = defineCommand({
  id: 'explain',
  summary: 'Say what a code, a rule or a field of OSSA means; or print the JSON Schema for editors',
  inputs: {
    what: {
      type: 'list',
      description:
        'Codes, ids of rules, or fields by their path or its end, such as OSSA_ENUM, signal-shadowed, completion.signals',
      default: [],
      security: true,
    },
    version: {
      type: 'string',
      description: 'Only the fields of this version of OSSA, as apiVersion has it',
      security: true,
    },
    json: { type: 'boolean', description: 'Answer as JSON', default: false, security: true },
    schema: {
      type: 'boolean',
      description: 'Print one JSON Schema for all versions and kinds, and nothing else',
      default: false,
      security: true,
    },
  },
  positional: 'what',
  examples: [
    'pipewright explain OSSA_ENUM signal-shadowed',
    'pipewright explain spec.completion.signals[].signal',
    'pipewright explain llm.provider --version=ossa/v0.3.5 --json',
    'pipewright explain --schema > ossa.schema.json',
  ],
  run: async (context, { what, version, json, schema }) => {
    if (schema) {
      context.print((await import('#tables/editor-schema')).text);
      return exitCodes.ok;
    }
    const [{ table }, { codes }, { explain }] = await Promise.all([
      import('#tables/fields'),
      import('#tables/codes'),
      import('../components/manifest/explain/explain.ts'),
    ]);
    const answers = explain({ table, codes }, what, version);
    if (json) context.print(`${JSON.stringify({ answers }, undefined, 2)}\n`);
    else {
      const { renderExplained } = await import('../components/manifest/explain/render.ts');
      context.print(renderExplained(answers, table));
    }
    return exitCodes.ok;
  },
});
