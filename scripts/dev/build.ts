// `npm run prepare`: texts, policies, prices, agents, validators and tables first, since the bundle takes them in.
import { buildAgents } from './build/agents.ts';
import { bundleCli } from './build/bundle.ts';
import { buildPolicies } from './build/policies.ts';
import { buildPrices } from './build/prices.ts';
import { buildTables, writeEditorSchema } from './build/tables.ts';
import { buildTexts } from './build/texts.ts';
import { buildValidators } from './build/validators.ts';

await buildTexts();
await buildPolicies();
await buildPrices();
await buildAgents();
await buildValidators();
await buildTables();
await bundleCli();
await writeEditorSchema();
