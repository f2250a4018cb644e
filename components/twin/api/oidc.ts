import type { ServerResponse } from 'node:http';
import type { IdTokenIssuer } from '../pipelines/id-tokens.ts';
import type { Fallback } from '../server/types.ts';
import type { World } from '../world/world.ts';

/** Serves what checks the `id_tokens` of jobs. Source: docs.gitlab.com/ci/secrets/id_token_authentication */
export function oidcFallback(world: Pick<World, 'url'>, issuer: IdTokenIssuer): Fallback {
  return async (request, response, path) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && path === '/.well-known/openid-configuration') {
      writeJson(response, configuration(world.url));
      return true;
    }
    if (isRead && path === '/oauth/discovery/keys') {
      writeJson(response, await issuer.jwks());
      return true;
    }
    return false;
  };
}

/** What a checker needs; of signing people in, which GitLab's tells about as well, the twin has nothing. */
function configuration(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${issuer}/oauth/discovery/keys`,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
  };
}

function writeJson(response: ServerResponse, json: unknown): void {
  const body = JSON.stringify(json);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
