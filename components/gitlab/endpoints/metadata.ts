import { json } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import { flag, record, text } from './shape.ts';

export interface Metadata {
  /** Such as `18.5.2-ee`. */
  readonly version: string;
  /** Whether it is the Enterprise Edition; which licence it has is not told. */
  readonly enterprise: boolean;
}

/** Which GitLab this is. */
export const getMetadata = defineEndpoint(
  {
    ...{ about: 'Get version and edition of the instance', method: 'GET', path: '/metadata' },
    ...{ jobToken: false, tier: 'free', since: floor, role: 'user', scope: 'read_user' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/metadata' },
  },
  (call) => call.send({}, json(record<Metadata>({ version: text, enterprise: flag }))),
);
