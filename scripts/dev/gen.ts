// `npm run gen`: everything committed that is made from something else. With `--check` it only says what is stale.
import { buildAgents } from './build/agents.ts';
import { buildPolicies } from './build/policies.ts';
import { buildPrices } from './build/prices.ts';
import { buildTables } from './build/tables.ts';
import { buildTexts } from './build/texts.ts';
import { buildValidators } from './build/validators.ts';
import { findStale, type Output, writeOutputs } from './gen/outputs.ts';
import { generateCommands, generateLists, generateRoutes } from './gen/registries.ts';
import { generateTypes } from './gen/types.ts';

const checkOnly = process.argv.includes('--check');
if (!checkOnly) {
  await buildTexts();
  await buildPolicies();
  await buildPrices();
  await buildAgents();
  await buildValidators();
}

// In this order: commands import the lists, documents are made from the commands and all modules.
const stale: string[] = [];
const steps: readonly (() => Promise<readonly Output[]>)[] = [
  generateTypes,
  generateLists,
  async () => [await generateRoutes(), await generateCommands()],
  async () => (await import('./gen/docs.ts')).generateDocs(),
];
for (const step of steps) {
  const outputs = await step();
  stale.push(...(await findStale(outputs)));
  if (!checkOnly) await writeOutputs(outputs);
}
// Last: it is made from the lists that were just written.
if (!checkOnly) await buildTables();
for (const path of stale) console.log(checkOnly ? `stale: ${path}` : `written: ${path}`);
if (checkOnly && stale.length > 0) {
  console.error('Run `npm run gen` and commit what it writes.');
  process.exitCode = 1;
}
