import { valueAt } from '../../../kernel/place.ts';
import { isData } from '../../read-data.ts';
import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

export const fixer = defineFixer({
  id: 'list-shape',
  about:
    'Guardrails written as a list become the list of their `policies`; the servers of kagent, written as a mapping by name, ' +
    'become a list of servers with that name.',
  plan: (issue, document) => {
    const value = valueAt(document, issue.path);
    const types = issue.wants?.types ?? [];
    if (isAt(issue.path, 'spec.safety.guardrails') && types.includes('object') && Array.isArray(value)) {
      if (!value.every(isData)) return undefined;
      return {
        edits: [{ do: 'wrap', path: issue.path, name: 'policies' }],
        says: 'the list becomes `policies`',
      };
    }
    if (isAt(issue.path, 'extensions.kagent.mcpServers') && types.includes('array') && isData(value)) {
      return {
        edits: [{ do: 'list', path: issue.path, name: 'name' }],
        says: 'the mapping becomes a list with names',
      };
    }
    return undefined;
  },
});
