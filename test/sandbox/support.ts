import type { SandboxLimits } from '../../components/sandbox/types.ts';

export const limits: SandboxLimits = {
  timeout: 20_000,
  output: 1_000_000,
  scratch: 16 * 1024 * 1024,
  processes: 64,
  memory: 256 * 1024 * 1024,
};

/** Code and message of the failure a promise ends with. */
export async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    (value) => new Error(`no failure: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  return error instanceof Error && 'code' in error ? `${error.code}: ${error.message}` : String(error);
}
