import { defineFormat } from './types.ts';

/** Links on the job's page: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsannotations */
export const format = defineFormat({
  id: 'annotations',
  fileName: 'annotations.json',
  render: ({ title, links }) => {
    const section = links.map(({ label, url }) => ({ external_link: { label, url } }));
    return `${JSON.stringify({ [title]: section }, null, 2)}\n`;
  },
});
