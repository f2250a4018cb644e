import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** How many pipelines in a row a session may start for itself; a person may begin the count anew. */
export const mostHops = 20;

/** Going on where a job's time is over. */
export const continuationInputs = {
  continuation: {
    type: 'boolean',
    description:
      "Go on by itself where the time of the job is over: on a branch in a new pipeline, in a merge request by a manual job; needs the inputs `session`, `head` and `hop` in the project's own configuration",
    default: false,
    security: true,
  },
  carry: {
    type: 'string',
    description:
      'Inputs of this pipeline that the next one gets too besides session, head and hop, as a JSON mapping',
    default: '{}',
    security: true,
  },
  hop: {
    type: 'integer',
    description: `How many pipelines this session has started for itself; after ${mostHops} it starts none`,
    default: 0,
    min: 0,
    max: mostHops,
    security: true,
  },
  after: {
    type: 'string',
    description:
      'Prefix of an earlier job of this pipeline whose session is gone on with; its files must be there',
    pattern: /([a-z0-9][a-z0-9-]*)?/,
    default: '',
    security: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;
