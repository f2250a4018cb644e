import type { GitLab } from '../../../../components/gitlab/types.ts';
import type { Scene } from '../scene.ts';

/** Calls one endpoint as somebody; what it needs and is not there is made by the scene's owner or, if own, by the caller. */
export type Sample = (gitlab: GitLab, scene: Scene) => Promise<unknown>;

export const all = <T>(list: AsyncIterable<T>) => Array.fromAsync(list);

export const owner = (scene: Scene) => scene.asRole('owner');

export const target = { file: 'download', maxBytes: 1_000_000 };
