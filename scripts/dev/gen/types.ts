import { compileFromFile } from 'json-schema-to-typescript';
import { header, type Output } from './outputs.ts';

/** Documents we own: the schema is the source, the types are committed beside the module that owns them. */
const documents: Readonly<Record<string, string>> = {
  'schemas/agent-extension.schema.json': 'components/proposals/extension.gen.ts',
  'schemas/answer.schema.json': 'components/session/answer-file.gen.ts',
  'schemas/catalog.schema.json': 'scripts/dev/gen/catalog.gen.ts',
  'schemas/egress.schema.json': 'components/sandbox/broker/egress.gen.ts',
  'schemas/lint-ci-report.schema.json': 'components/lint-ci/report.gen.ts',
  'schemas/loop-message.schema.json': 'components/session/loop/message.gen.ts',
  'schemas/policy.schema.json': 'components/policy/documents.gen.ts',
  'schemas/decision.schema.json': 'components/decide/report.gen.ts',
  'schemas/policy-bundle.schema.json': 'components/policy/bundle/bundle.gen.ts',
  'schemas/policy-test.schema.json': 'components/policy/testing/documents.gen.ts',
  'schemas/playbook.schema.json': 'components/models/playbook/playbook.gen.ts',
  'schemas/prices.schema.json': 'components/models/prices.gen.ts',
  'schemas/proposals.schema.json': 'components/proposals/bundle.gen.ts',
  'schemas/session-result.schema.json': 'components/session/result.gen.ts',
  'schemas/twin.schema.json': 'components/twin/setup/twin-file.gen.ts',
  'schemas/validate-baseline.schema.json': 'components/manifest/baseline.gen.ts',
  'schemas/validate-report.schema.json': 'components/manifest/report.gen.ts',
};

export async function generateTypes(): Promise<Output[]> {
  const entries = Object.entries(documents);
  return Promise.all(
    entries.map(async ([schema, path]) => {
      const banner = `${header}// Source: ${schema}`;
      const options = {
        bannerComment: banner,
        additionalProperties: false,
        // A list of at most twenty would become twenty-one tuples.
        ignoreMinAndMaxItems: true,
        style: { singleQuote: true, printWidth: 110 },
      };
      return { path, content: await compileFromFile(schema, options) };
    }),
  );
}
