/** References that are GitLab's own to move. */
const hidden = ['merge-requests', 'keep-around', 'pipelines', 'environments'].map((name) => `refs/${name}`);

/** What pushes may say, and what git itself refuses of them. */
export const receiveSettings: readonly string[] = [
  'receive.advertisePushOptions=true',
  ...hidden.map((name) => `receive.hideRefs=${name}`),
  'transfer.hideRefs=refs/keep-around',
];

/** Whether git refuses a push of it by these settings. */
export function isHiddenRef(ref: string): boolean {
  return hidden.some((name) => ref === name || ref.startsWith(`${name}/`));
}
