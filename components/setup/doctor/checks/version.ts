import { checkVersion } from '../../check.ts';
import { defineCheck } from '../check.ts';

export const check = defineCheck({
  id: 'version',
  topic: 'gate',
  about: 'GitLab is new enough for the components.',
  run: (facts) => [checkVersion(facts)],
});
