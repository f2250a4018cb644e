import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('ATTEST', {
  SEED: {
    kind: 'misuse',
    message: (f: { name: string; reason: string }) =>
      `the signing key in ${f.name} cannot be used: ${f.reason}`,
    fix: 'Store 32 random bytes in base64, as `openssl rand -base64 32` prints them, in a protected and masked variable.',
  },
});
