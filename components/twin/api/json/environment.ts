import type { Environment } from '../../world/pipeline.ts';

type Json = Readonly<Record<string, unknown>>;

/** As other records show it. */
export function environmentBasicJson(environment: Environment): Json {
  const { id, name, slug, externalUrl, createdAt, updatedAt } = environment;
  return {
    ...{ id, name, slug, external_url: externalUrl ?? null },
    ...{ created_at: createdAt, updated_at: updatedAt },
  };
}

/** Source: docs.gitlab.com/api/environments */
export function environmentJson(environment: Environment): Json {
  const { tier, state, description } = environment;
  return {
    ...environmentBasicJson(environment),
    ...{ tier, state, description: description ?? null },
    ...{ auto_stop_at: null, auto_stop_setting: 'always' },
    ...{ cluster_agent: null, kubernetes_namespace: null, flux_resource_path: null },
  };
}
