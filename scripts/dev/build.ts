// `npm run prepare`: validators first, since the bundle takes them in.
import { bundleCli } from './build/bundle.ts';
import { buildValidators } from './build/validators.ts';

await buildValidators();
await bundleCli();
