import { compileFromFile } from 'json-schema-to-typescript';
import { header, type Output } from './outputs.ts';

/** Documents we own: the schema is the source, the types are committed beside the module that owns them. */
const documents: Readonly<Record<string, string>> = {
  'schemas/catalog.schema.json': 'scripts/dev/gen/catalog.gen.ts',
  'schemas/twin.schema.json': 'components/twin/setup/twin-file.gen.ts',
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
        style: { singleQuote: true, printWidth: 110 },
      };
      return { path, content: await compileFromFile(schema, options) };
    }),
  );
}
