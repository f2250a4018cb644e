import { digestBytes } from '../../../components/kernel/canonical.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { planChoices } from '../../../components/proposals/choices.ts';
import { readExtension } from '../../../components/proposals/extension.ts';
import { certified as bronze, manifest as plain } from '../../decide/shop.ts';

const tools = ['read_diff', 'read_file', 'list_files', 'log', 'read_merge_request', 'read_job_log'];

/** The reviewer of the shop, which may commit below `src` as well, and has all tools that read what authors write. */
export const manifest = plain
  .replace('"proposals":{', '"proposals":{"commit":{"paths":["src/**"]},')
  .replace(/tools: .*/, `tools: ${JSON.stringify(tools.map((name) => ({ type: 'function', name })))}`)
  .replace('[read_code, ', '[read_code, read_mrs, read_logs, ');

/** Silver, without which no commit is permitted. */
export const certified = bronze
  .replace(digestBytes(plain), digestBytes(manifest))
  .replace('level: bronze', 'level: silver');

const parsed = parseYaml(manifest, 'manifest');
export const choices = planChoices(
  readExtension(parsed.ok ? parsed.documents[0] : undefined).extension,
  'reviewer',
);
