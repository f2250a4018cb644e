import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { checkpointVersions } from '../components/session/checkpoint.ts';
import { errors } from '../components/session/errors.ts';
import { openReadStore } from './wire/session-artifacts.ts';
import { readInputs, readKeys, sessionInputs } from './wire/session-inputs.ts';

export const command = defineCommand({
  id: 'sessions',
  summary:
    'List sessions, show what happened in one, answer it, verify, prune or erase its log, or export it as a checkpoint',
  inputs: {
    do: {
      type: 'list',
      description:
        '`list`; `show`, `verify`, `export`, `prune` or `erase` and the id of a session; or `answer`, the id and what is answered',
      default: ['list'],
      security: true,
    },
    head: { ...sessionInputs.head, description: 'Last record of that session, which its log must hold' },
    version: {
      type: 'string',
      description: 'Version of OSSA an exported checkpoint is meant for',
      options: checkpointVersions,
      default: '0.3.5',
      security: true,
    },
    json: { type: 'boolean', description: 'Answer as JSON', default: false, security: true },
    ...readInputs,
  },
  positional: 'do',
  examples: [
    'pipewright sessions',
    'pipewright sessions show 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a',
    'pipewright sessions show 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a --store=gitlab-artifact --job=4711',
    'pipewright sessions prune 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a',
    'pipewright sessions erase 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a',
    'pipewright sessions answer 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a "The rate is 19 %."',
    'pipewright sessions verify 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a --head=17:6194a0728ecbdb5c322cc1858916436e',
    'pipewright sessions export 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a --version=0.3.4 > checkpoint.json',
  ],
  run: async (context, inputs) => {
    const [action = 'list', session, ...words] = inputs.do;
    const isOne = ['show', 'verify', 'export', 'prune', 'erase', 'answer'].includes(action);
    const isAsked = isOne ? session !== undefined : action === 'list' && session === undefined;
    if (!isAsked || (words.length > 0 && action !== 'answer'))
      throw errors.ACTION({ given: inputs.do.join(' ') });
    const store = await openReadStore(context, { ...inputs, keys: readKeys(inputs) });
    const print = await import('./wire/sessions-print.ts');
    const change = await import('./wire/sessions-change.ts');
    if (session === undefined) await print.printList(context, store, inputs);
    else if (action === 'show') await print.printShown(context, store, session, inputs);
    else if (action === 'answer') await change.answer(context, store, session, { ...inputs, words });
    else if (action === 'prune') await change.prune(context, store, session, inputs);
    else if (action === 'erase') await change.erase(context, store, session, inputs);
    else if (action === 'verify') await print.printVerified(context, store, session, inputs);
    else await print.printExported(context, store, session, inputs);
    return exitCodes.ok;
  },
});
