import type { Surroundings } from '../../components/decide/requests.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** What only the operator knows and policies may ask for. */
export const statedInputs = {
  'data-classes': {
    type: 'string',
    description:
      'Classes of data that what a session reads may hold, for policies, such as internal,confidential; none says that there are none, empty that nobody knows',
    pattern: /([a-z][a-z0-9_-]*(,[a-z][a-z0-9_-]*)*)?/,
    default: '',
    security: true,
  },
  'model-regions': {
    type: 'string',
    description:
      "Where the models' endpoints are, for policies, by provider, such as azure=eu-west-1,openai=us-east-1; empty says nothing",
    pattern: /([a-z0-9_-]+=[a-z0-9-]+(,[a-z0-9_-]+=[a-z0-9-]+)*)?/,
    default: '',
    security: true,
  },
} as const satisfies InputDeclarations;

export interface StatedInputs {
  readonly 'data-classes': string;
  readonly 'model-regions': string;
}

/** The operator's word as facts: what nobody said is no fact. */
export function statedBy({
  'data-classes': classes,
  'model-regions': regions,
}: StatedInputs): Pick<Surroundings, 'dataClasses' | 'regions'> {
  const pairs = regions === '' ? [] : regions.split(',').map((pair) => pair.split('=') as [string, string]);
  return {
    dataClasses: classes === '' ? undefined : classes.split(',').filter((one) => one !== 'none'),
    regions: new Map(pairs),
  };
}
