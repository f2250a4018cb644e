/** What a migration did to one place, and what it leaves to people. */
export interface Change {
  /**
   * `version`: what is declared. `moved`, `added`, `dropped`: of fields. `assumed`: a value that the old one did not say. `left`: what
   * the new version does not take and has no one right answer.
   */
  readonly kind: 'version' | 'moved' | 'added' | 'dropped' | 'assumed' | 'left';
  /** Place in the document, as `spec.tools[0].type`. */
  readonly path: string;
  readonly says: string;
}
