import { secretIn } from '../../kernel/secret-shapes.ts';
import { defineRule, type Issue } from '../rule.ts';
import type { Node } from '../types.ts';

export const rule = defineRule({
  id: 'key-hardcoded',
  severity: 'error',
  about:
    'The configuration holds a secret that can be told by its shape: a key of a model, a token, a private key, the password of a URL. Everybody who can read ' +
    'the repository has it, and the history keeps it. No message repeats it.',
  bad: `variables:
  REGISTRY: https://bot:Zk3vN8qTw1xR@registry.acme.dev
`,
  good: `variables:
  REGISTRY: https://bot:$REGISTRY_PASSWORD@registry.acme.dev
`,
  check: ({ root }) => {
    const found: Issue[] = [];
    const open: Node[] = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const secret = typeof node.value === 'string' ? secretIn(node.value) : undefined;
      if (secret !== undefined)
        found.push({
          node,
          message: `this holds ${secret}`,
          expected: 'the name of a masked CI/CD variable',
          fix: 'Revoke it, since the history keeps it, then read it from a masked variable.',
        });
      for (const child of node.items ?? node.fields?.values() ?? []) open.push(child);
    }
    return found;
  },
});
