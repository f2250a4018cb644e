import { topics } from '../../../components/setup/doctor/check.ts';
import { checks } from '../../../components/setup/doctor/checks.gen.ts';
import { enforceable, tierNames } from '../../../components/setup/doctor/tiers.ts';
import { betweenMarkers, type Output, table } from './outputs.ts';

const page = 'docs/doctor.md';

/** The tables of docs/doctor.md: what is checked, and what each licence can enforce. */
export async function generateDoctorPage(): Promise<Output> {
  const rows = Object.entries(topics).flatMap(([topic, title]) =>
    checks.filter((check) => check.topic === topic).map(({ id, about }) => [title, `\`${id}\``, about]),
  );
  const checked = await betweenMarkers(
    page,
    'checks',
    table(['about', 'check', 'what must be so'], rows).join('\n'),
  );
  const licences = table(
    ['licence', 'against mistakes', 'against the author of a merge request'],
    enforceable.map(({ tier, mistakes, author }) => [tierNames[tier], mistakes, author]),
  );
  return betweenMarkers(page, 'licences', licences.join('\n'), checked.content);
}
