import type { Call, Reply, Route } from '../server/types.ts';

/** Source: docs.gitlab.com/api/metadata, docs.gitlab.com/api/version */
export const metadataRoutes: readonly Route[] = ['/metadata', '/version'].map((path) => ({
  method: 'GET',
  path,
  access: { role: 'user', scope: 'read_user' },
  handle: metadata,
}));

function metadata({ twin }: Call): Reply {
  const { version } = twin.world;
  // Free is the Enterprise Edition without a licence too. There is no server for agents.
  const kas = { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null };
  return { json: { version: `${version}-ee`, revision: 'twin', kas, enterprise: true } };
}
