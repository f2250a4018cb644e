import { leftOut, ossaTypes } from '../../../components/tools/declared/ossa-types.ts';
import { tools } from '../../../components/tools/registry.gen.ts';
import { betweenMarkers, type Output, table } from './outputs.ts';

const page = 'docs/tools.md';

/** The tables of docs/tools.md: our tools, and what becomes of each of OSSA's types. */
export async function generateToolsPage(): Promise<Output> {
  const rows = tools.map((tool) => [
    `\`${tool.id}\``,
    tool.description,
    `\`${tool.source}\``,
    `\`${tool.permission}\``,
    tool.risk,
    `${tool.timeout / 1_000} s`,
  ]);
  const own = table(['tool', 'what the model is told', 'source', 'permission', 'risk', 'time'], rows);
  const types = [
    ...Object.entries(ossaTypes).map(([type, about]) => [`\`${type}\``, about]),
    ...Object.entries(leftOut).map(([type, why]) => [`\`${type}\``, `left out, and told: ${why}`]),
  ];
  const { content } = await betweenMarkers(page, 'tools', own.join('\n'));
  return betweenMarkers(page, 'types', table(['`type`', 'what it is here'], types).join('\n'), content);
}
