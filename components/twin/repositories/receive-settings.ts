/** What pushes may say, and references that are GitLab's own to move. */
export const receiveSettings: readonly string[] = [
  'receive.advertisePushOptions=true',
  ...['merge-requests', 'keep-around', 'pipelines', 'environments'].map(
    (name) => `receive.hideRefs=refs/${name}`,
  ),
  'transfer.hideRefs=refs/keep-around',
];
