import type { Failure } from '../../kernel/failure.ts';
import { errors } from './errors.ts';

interface About {
  readonly server: string;
  readonly method: string;
  /** Whether the request named a session. */
  readonly had: boolean;
  /** What to do where the server wants to know who asks. */
  readonly unauthorized: string;
}

/** What a status says; undefined where there is an answer to read. What a server has refused it has not done. */
export function failureOfStatus(
  status: number,
  { server, method, had, unauthorized }: About,
): Failure | undefined {
  const refuse = (reason: string) =>
    errors.REFUSED({ server, method, reason: `it answers ${status}${reason}` });
  if (status === 200) return undefined;
  if (status === 404 && had) return errors.GONE({ server });
  if (status === 401 || status === 403) return refuse(`: ${unauthorized}`);
  if (method === 'initialize' && [400, 404, 405].includes(status))
    return refuse(
      ', so it does not speak streamable HTTP there; the transport of 2024-11-05, HTTP with SSE, is not supported',
    );
  if (status >= 400 && status < 500 && status !== 408) return refuse('');
  return errors.FAILED({ server, method, reason: `it answers ${status}` });
}
