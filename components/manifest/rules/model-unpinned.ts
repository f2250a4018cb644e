import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { whyUnpinned } from '../models-pinned.ts';
import { extensionsNamed, isData, itemsAt, type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

interface Model extends Placed<string> {
  readonly provider: string | undefined;
}

export const rule = defineRule({
  id: 'model-unpinned',
  severity: 'info',
  about:
    'A model is named by an alias without version or date. The provider may put another model behind it, and with it ' +
    'other answers and other costs. A variable is fine: whoever sets it decides.',
  check: ({ data }) =>
    modelsOf(data).flatMap(({ path, value, provider }) => {
      const why = whyUnpinned(provider, value);
      if (why === undefined) return [];
      return [
        { path, message: `${renderPath(path)} "${value}" ${why}`, got: value, fix: 'Name a dated version.' },
      ];
    }),
});

function modelsOf(data: unknown): readonly Model[] {
  const llm: DataPath = ['spec', 'llm'];
  const cascade = ['token_efficiency', 'budget', 'cascade'];
  const experts = extensionsNamed(data, 'experts').flatMap(({ path }) =>
    itemsAt(data, [...path, 'registry']).map((expert) => [...expert.path, 'model']),
  );
  const holders: DataPath[] = [
    llm,
    ['spec', 'model'],
    ...experts,
    ...[
      [...llm, 'fallback_models'],
      cascade,
      ['spec', ...cascade],
      ['spec', 'team', 'members'],
      ['spec', 'subagents'],
    ].flatMap((path) => itemsAt(data, path).map((item) => item.path)),
  ];
  return holders.flatMap((holder) => modelIn(data, holder));
}

/** `model` of a mapping, which may be a mapping again with `model` or `name`. */
function modelIn(data: unknown, holder: DataPath): readonly Model[] {
  const value = valueAt(data, holder);
  if (!isData(value)) return [];
  const inner = isData(value.model) ? value.model : value;
  const path = inner === value ? holder : [...holder, 'model'];
  // `name` is the model's only where the mapping describes a model: that of a team's member is the member's.
  const keys = inner === value && holder.at(-1) !== 'model' ? ['model'] : ['model', 'name'];
  const key = keys.find((candidate) => typeof inner[candidate] === 'string');
  if (key === undefined) return [];
  return [{ path: [...path, key], value: textAt(inner, [key]) ?? '', provider: textAt(inner, ['provider']) }];
}
