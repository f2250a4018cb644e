import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { Playbook } from '../../components/models/playbook/playbook.gen.ts';

const { causes } = load(readFileSync('agents/ci-doctor/playbook.yaml', 'utf8')) as Playbook;

/** What the heading of each cause looks like, whatever its groups have taken. */
export const titles = causes.map(({ id, title }) => ({
  id,
  title: new RegExp(`^### ${title.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '`.+`')}$`, 'm'),
}));
