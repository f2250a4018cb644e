import { digestBytes } from '../../../components/kernel/canonical.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { planChoices } from '../../../components/proposals/choices.ts';
import { readExtension } from '../../../components/proposals/extension.ts';
import { certified as bronze, manifest as plain } from '../../decide/shop.ts';

/** The reviewer of the shop, which may commit below `src` as well. */
export const manifest = plain.replace('"proposals":{', '"proposals":{"commit":{"paths":["src/**"]},');

/** Silver, without which no commit is permitted. */
export const certified = bronze
  .replace(digestBytes(plain), digestBytes(manifest))
  .replace('level: bronze', 'level: silver');

const parsed = parseYaml(manifest, 'manifest');
export const choices = planChoices(
  readExtension(parsed.ok ? parsed.documents[0] : undefined).extension,
  'reviewer',
);
