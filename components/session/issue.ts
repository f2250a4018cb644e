import type { FindingCode } from '../kernel/finding.ts';
import type { DataPath } from '../kernel/place.ts';

/** Something about a place of a manifest, before its line is looked up. */
export interface ManifestIssue {
  readonly code: FindingCode;
  readonly path: DataPath;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
  readonly fix?: string;
}

/** A manifest that can be run, with warnings, or what keeps it from that. */
export type ReadManifest<Manifest> =
  | { readonly ok: true; readonly manifest: Manifest; readonly issues: readonly ManifestIssue[] }
  | { readonly ok: false; readonly issues: readonly ManifestIssue[] };
