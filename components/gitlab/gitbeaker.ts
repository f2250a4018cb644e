import { Gitlab } from '@gitbeaker/core';
import { createRequesterFn, type FormattedResponse, type RequestOptions } from '@gitbeaker/requester-utils';
import { readBytes, readJson } from './read-body.ts';
import type {
  AnswerBody,
  ApiBody,
  ApiPath,
  ApiRequest,
  GitLab,
  Method,
  ResourceOptions,
  Resources,
} from './types.ts';

type Body = FormattedResponse['body'];

/**
 * gitbeaker's resources, each call one request (a list: one for each page) of our transport. Of gitbeaker come the
 * paths, the snake_case names and the types; its own retries, rate limits and timeouts are not in the way.
 */
export function createResources(request: GitLab['request'], options: ResourceOptions = {}): Resources {
  const requesterFn = createRequesterFn(
    async (_, given) => given,
    async (endpoint, given) => {
      const call = given as RequestOptions;
      // A stream would outlive the time and the retries of its request; download.ts writes one to a file.
      if (call.asStream) throw new TypeError('there are no streams here: use downloadToFile');
      const response = await request(requestOf(pathOf(endpoint, call), call, options));
      return {
        body: response.data,
        headers: Object.fromEntries(response.headers),
        status: response.status,
      } as FormattedResponse<never>;
    },
  );
  return new Gitlab({ host: unusedHost, requesterFn, queryTimeout: null, rateLimits: {} });
}

/** Never asked: the path is taken below our own API URL. */
const unusedHost = 'https://unused.invalid';

/** Some resources stand below a prefix of their own, such as `projects`. The values are encoded already. */
function pathOf(endpoint: string, { prefixUrl = '' }: RequestOptions): ApiPath {
  return `${prefixUrl}/${endpoint}`.replace(`${unusedHost}/api/v4/`, '').replace(/^\//, '') as ApiPath;
}

function requestOf(path: ApiPath, call: RequestOptions, options: ResourceOptions): ApiRequest<Body> {
  const method = (call.method ?? 'GET') as Method;
  const writes = method === 'POST' || method === 'PATCH';
  return {
    method,
    path,
    query: new URLSearchParams(call.searchParams),
    body: bodyOf(call.body),
    read: readAnswer,
    ...(call.headers?.sudo === undefined ? {} : { headers: { sudo: call.headers.sudo } }),
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    ...(writes ? { replay: (options.replay ?? 'never') as ApiRequest<Body>['replay'] & {} } : {}),
  };
}

function bodyOf(body: RequestOptions['body']): ApiBody | undefined {
  if (body === undefined || body === '{}') return undefined;
  if (typeof body !== 'string') return { multipart: body };
  return { bytes: new TextEncoder().encode(body), type: 'application/json' };
}

/** As gitbeaker wants it: JSON as data, text as text, the rest as a Blob; a page for people is no answer. */
async function readAnswer(body: AnswerBody): Promise<Body> {
  const type = body.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return ((await readJson(body)) ?? {}) as Body;
  const bytes = await readBytes(body);
  if (type === 'text/html') throw new TypeError('expected data, got an HTML page');
  if (type.startsWith('text/')) return new TextDecoder().decode(bytes);
  return bytes.byteLength === 0 ? null : new Blob([new Uint8Array(bytes)], { type });
}
