import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable, MergeRequest } from '../world/review.ts';
import type { World } from '../world/world.ts';
import type { Mergeability } from './mergeability.ts';

/** What a quick action acts on, and by whose right. */
export interface Scene {
  readonly world: World;
  readonly project: Project;
  readonly user: User;
  readonly kind: Issuable['kind'];
  /** Undefined where the text describes what is only being made. */
  readonly target: Issuable | undefined;
  readonly branches: ReadonlySet<string>;
  /** Of a merge request that a `/merge` is about. */
  readonly merging:
    | {
        readonly mergeRequest: MergeRequest;
        readonly mergeability: Mergeability;
        readonly headSha: string | undefined;
        /** Which the author of the note has seen. */
        readonly seenSha: string | undefined;
      }
    | undefined;
}
