import type { IncludedComponent } from '../../configuration.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { defineCheck } from '../check.ts';

const name = 'versions of components';
const ours = ['validate', 'run', 'gate', 'apply'];

export const check = defineCheck({
  id: 'gate-pinned',
  topic: 'gate',
  about:
    'Each component of ours is included by a commit or by a whole version (`1.2.3`), not by a branch, `~latest` or a part of a version: those run other code tomorrow.',
  run: ({ includes }) => [
    ofKnown(name, { includes }, (known) => {
      const components = known.includes.components.filter(({ id }) => ours.includes(id));
      if (components.length === 0) return note(name, 'none of ours is included by .gitlab-ci.yml itself');
      const moving = components.filter(({ version }) => !isFixed(version));
      if (moving.length === 0) return ok(name, few(components.map(written)));
      return wrong(name, {
        expected: 'the SHA of a commit, or a whole version such as 1.2.3',
        got: few(moving.map(written)),
        fix: 'Write a version or a SHA behind the @ of the include. A tag is as fixed as the project of the components keeps its tags; a SHA is by itself.',
      });
    }),
    imagesLine(includes),
  ],
});

function imagesLine(includes: Parameters<typeof check.run>[0]['includes']) {
  const image = 'images of components';
  return ofKnown(image, { includes }, (known) => {
    const given = known.includes.components.flatMap(({ id, inputs }) =>
      ours.includes(id) && typeof inputs.image === 'string' ? [{ id, image: inputs.image }] : [],
    );
    const moving = given.filter((one) => !/@sha256:[0-9a-f]{64}$/.test(one.image));
    if (moving.length === 0) return ok(image, given.length === 0 ? "each component's own" : 'by digest');
    const names = few(moving.map(({ id }) => id));
    return note(
      image,
      `${names}: by name, so whoever pushes the image changes what runs; a digest (@sha256:…) stays`,
    );
  });
}

/** Whole versions of SemVer and commits. Source: docs.gitlab.com/ci/components, "Component versions" */
function isFixed(version: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64}|v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?)$/.test(version);
}

function written({ id, version }: IncludedComponent): string {
  return `${id}@${version}`;
}
