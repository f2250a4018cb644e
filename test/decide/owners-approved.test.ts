import { expect, test } from 'vitest';
import { areApproved } from '../../components/decide/owners-approved.ts';
import { parseCodeOwners } from '../../components/gitlab/code-owners.ts';

test.each<[what: string, file: string, approvers: readonly string[], approved: boolean | undefined]>([
  ['nobody owns it', '/docs/ @ann', [], true],
  ['its owner has not approved', '/src/ @ann', ['bob'], false],
  ['its owner has', '/src/ @ann', ['ann'], true],
  ['one of its owners has', '/src/ @ann @bob', ['bob'], true],
  ['names are alike in any case', '/src/ @Ann', ['aNN'], true],
  ['the last entry counts', '* @ann\n/src/ @bob', ['ann'], false],
  ['each section asks', '/src/ @ann\n[Code] @bob\n/src/', ['ann'], false],
  ['an optional section asks nobody', '^[Code] @ann\n/src/', [], true],
  ['what a section leaves out', '/src/ @ann\n!/src/', [], true],
  ['two are wanted and one is there', '[Code][2] @ann @bob\n/src/', ['ann'], false],
  ['two are wanted and there', '[Code][2] @ann @bob\n/src/', ['ann', 'bob'], true],
  ['a group, and somebody who may be in it has approved', '/src/ @acme/core', ['ann'], undefined],
  ['a name that may be a group', '/src/ @core', ['ann'], undefined],
  ['a role', '/src/ @@maintainer', ['ann'], undefined],
  ['an address', '/src/ ann@example.com', ['ann'], undefined],
  ['a group, and nobody has approved', '/src/ @acme/core', [], false],
  ['a group or a person, who has', '/src/ @acme/core @ann', ['ann'], true],
  ['unknown in one section, refused in another', '/src/ @acme/core\n[Code] @bob\n/src/', ['ann'], false],
])('%s: %j', (_, file, approvers, approved) => {
  const owners = { sections: parseCodeOwners(file) };
  expect(areApproved(owners, ['src/a.js', 'README.md'], approvers, ['@ann', '@bob'])).toBe(approved);
});
