import type { DataPath } from '../../kernel/place.ts';
import { valueAt } from '../../kernel/place.ts';

/** Whether a path is one of a pattern: `spec.tools[].type`, where `[]` is any item and `*` any name. */
export function isAt(path: DataPath, pattern: string): boolean {
  const steps = pattern.replaceAll('[]', '.[]').split('.');
  return (
    steps.length === path.length &&
    steps.every((step, index) => {
      const part = path[index];
      return step === '[]'
        ? typeof part === 'number'
        : typeof part === 'string' && (step === '*' || step === part);
    })
  );
}

export function textOf(document: unknown, path: DataPath): string | undefined {
  const value = valueAt(document, path);
  return typeof value === 'string' ? value : undefined;
}
