import { defineEndpoint, type OfProject, unlessMissing } from './define.ts';
import { floor } from './facts.ts';
import { list, optional, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/releases',
} as const;
const writes = { ...common, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/releases';
const one = `${all}/:tag` as const;

export interface OfRelease extends OfProject {
  readonly tag: string;
}

export interface Release {
  readonly tagName: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly releasedAt: string;
}

const releaseShape = record<Release>({
  ...{ tagName: text, name: optional(text), description: optional(text), releasedAt: text },
});

interface Texts {
  readonly name?: string;
  readonly description?: string;
}

/** The newest first. */
export const listReleases = defineEndpoint(
  { ...common, about: 'List releases', method: 'GET', path: all },
  (call, { project }: OfProject) =>
    call.resource({ project }, list(releaseShape), ({ ProjectReleases }) =>
      ProjectReleases.all(project, { perPage: 100 }),
    ),
);

export const getRelease = defineEndpoint(
  { ...common, about: 'Get a release', method: 'GET', path: one },
  (call, { project, tag }: OfRelease) =>
    call.resource({ project, tag }, releaseShape, ({ ProjectReleases }) =>
      ProjectReleases.show(project, tag),
    ),
);

/** Of a tag, which is made at `ref` where it is new. A tag has one release; a second is refused (409). */
export const createRelease = defineEndpoint(
  { ...writes, about: 'Create a release', method: 'POST', path: all, replay: 'marker' },
  (call, { project, tag, ref, name, description }: OfRelease & Texts & { readonly ref?: string }) =>
    call.resource(
      { project },
      releaseShape,
      ({ ProjectReleases }) => ProjectReleases.create(project, { tagName: tag, ref, name, description }),
      async () => {
        const { ProjectReleases } = await call.gitlab.resources();
        return unlessMissing(ProjectReleases.show(project, tag));
      },
    ),
);

export const updateRelease = defineEndpoint(
  { ...writes, about: 'Change a release', method: 'PUT', path: one },
  (call, { project, tag, name, description }: OfRelease & Texts) =>
    call.resource({ project, tag }, releaseShape, ({ ProjectReleases }) =>
      ProjectReleases.edit(project, tag, { name, description }),
    ),
);
