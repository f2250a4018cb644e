import { renderPath } from '../../kernel/place.ts';
import { textsAt } from '../duties/access.ts';
import { itemsAt, type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const rolePaths = [
  ['spec', 'separation', 'role'],
  ['spec', 'type'],
  ['metadata', 'agentKind'],
];
const reviewing: ReadonlySet<string> = new Set([
  ...['reviewer', 'critic', 'auditor', 'approver', 'scanner', 'analyzer', 'analyst', 'monitor'],
  'compliance_officer',
]);

const doing: ReadonlyMap<string, string> = new Map([
  ['merge_mrs', 'merge'],
  ['execute_deployments', 'deploy'],
]);

/** Words after which a name that begins with `merge` or `deploy` is about something, and does it not. */
const about: ReadonlySet<string> = new Set([
  ...['request', 'requests', 'conflict', 'conflicts', 'base', 'status', 'state', 'log', 'logs', 'history'],
  ...['check', 'checks', 'checker', 'list', 'info', 'report', 'analysis', 'analyzer', 'review'],
  ...['reader', 'validator', 'metrics', 'plan', 'diff'],
]);

/** Longer names are cut before they are looked at: no name of a tool is that long. */
const longestName = 256;

export const rule = defineRule({
  id: 'reviewer-deploys',
  severity: 'warning',
  about:
    'An agent whose role is to review, audit or approve also has a permission, an action or a tool to merge or to ' +
    'deploy, so nobody but itself checks what it lets through.',
  check: ({ data }) => {
    const source = rolePaths.find((path) => reviewing.has(textAt(data, path) ?? ''));
    if (source === undefined) return [];
    const role = `${renderPath(source)} is "${textAt(data, source)}"`;
    return actionsOf(data).map(({ path, value, does }) => ({
      path,
      message: `${role}, but "${value}" lets the agent ${does}`,
      got: value,
      fix: 'Leave it to an agent of another role.',
    }));
  },
});

function actionsOf(data: unknown): readonly (Placed<string> & { readonly does: string })[] {
  const permissions = textsAt(data, ['spec', 'access', 'permissions']).flatMap((item) => {
    const does = doing.get(item.value);
    return does === undefined ? [] : [{ ...item, does }];
  });
  const tools = itemsAt(data, ['spec', 'tools']).flatMap(({ path, value }): Placed<string>[] => {
    const name = textAt(value, ['name']);
    return name === undefined ? [] : [{ path: [...path, 'name'], value: name }];
  });
  const named = [...textsAt(data, ['spec', 'autonomy', 'allowed_actions']), ...tools].flatMap((item) => {
    const does = actionIn(item.value);
    return does === undefined ? [] : [{ ...item, does }];
  });
  return [...permissions, ...named];
}

/** `merge` or `deploy` where a name says so: `merge_mr`, `deployAgent`, `deploy:staging`; not `merge_request_reader`. */
function actionIn(name: string): string | undefined {
  const words = name
    .slice(0, longestName)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const [first = '', ...rest] = words;
  const does = ['merge', 'deploy'].find((verb) => verb === first);
  return does === undefined || rest.some((word) => about.has(word)) ? undefined : does;
}
