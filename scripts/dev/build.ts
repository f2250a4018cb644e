// `npm run prepare`: texts, policies, prices, validators and tables first, since the bundle takes them in.
import { bundleCli } from './build/bundle.ts';
import { buildPolicies } from './build/policies.ts';
import { buildPrices } from './build/prices.ts';
import { buildTables, writeEditorSchema } from './build/tables.ts';
import { buildTexts } from './build/texts.ts';
import { buildValidators } from './build/validators.ts';

await buildTexts();
await buildPolicies();
await buildPrices();
await buildValidators();
await buildTables();
await bundleCli();
await writeEditorSchema();
