import type { FileSystem } from '../../components/kernel/context.ts';

/** A file system of which one call fails for paths that hold a text: `failing('open', 'report.json', 'ENOSPC')`. */
export function failing<Name extends keyof FileSystem>(name: Name, on: string, code: string) {
  return (fs: FileSystem): FileSystem => {
    const real = fs[name] as (...args: unknown[]) => unknown;
    const broken = async (...args: unknown[]) => {
      if (String(args[0]).includes(on)) throw Object.assign(new Error(`${code}: planted`), { code });
      return real(...args);
    };
    return { ...fs, [name]: broken };
  };
}
