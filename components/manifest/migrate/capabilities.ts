import { valueAt } from '../../kernel/place.ts';
import type { YamlEdit } from '../../kernel/yaml-edit/edit.ts';
import { isData, itemsAt } from '../read-data.ts';

/**
 * Capabilities of tools that are mappings with a name and the type `tool` and nothing else become bare names, as they were
 * written before 0.3.5: what the way up makes of a name, the way down takes back. A name with underscores stands in the comment.
 */
export function bareCapabilities(document: unknown, text: string): readonly YamlEdit[] {
  return itemsAt(document, ['spec', 'tools']).flatMap(({ path, value }) => {
    const list = valueAt(value, ['capabilities']);
    if (!Array.isArray(list)) return [];
    return list.flatMap((item, index): YamlEdit[] => {
      const name =
        isData(item) && Object.keys(item).length === 2 && item.type === 'tool' ? item.name : undefined;
      if (typeof name !== 'string') return [];
      const place = [...path, 'capabilities', index];
      const former = formerName(text, name);
      if (former === undefined) return [{ do: 'set', path: place, value: name }];
      return [{ do: 'set', path: place, value: former, uncomment: `was: ${former}` }];
    });
  });
}

function formerName(text: string, name: string): string | undefined {
  const mark = `{ name: ${name}, type: tool } # was: `;
  const at = text.indexOf(mark);
  const former = at < 0 ? undefined : /^\S+(?=[ \t]*(\r?\n|$))/.exec(text.slice(at + mark.length))?.[0];
  return former?.toLowerCase().replaceAll('_', '-') === name ? former : undefined;
}
