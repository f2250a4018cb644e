// `npm run prepare`: texts and validators first, since the bundle takes them in.
import { bundleCli } from './build/bundle.ts';
import { buildTexts } from './build/texts.ts';
import { buildValidators } from './build/validators.ts';

await buildTexts();
await buildValidators();
await bundleCli();
