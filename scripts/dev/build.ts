// `npm run prepare`: texts, policies and validators first, since the bundle takes them in.
import { bundleCli } from './build/bundle.ts';
import { buildPolicies } from './build/policies.ts';
import { buildTexts } from './build/texts.ts';
import { buildValidators } from './build/validators.ts';

await buildTexts();
await buildPolicies();
await buildValidators();
await bundleCli();
