import fc from 'fast-check';

/**
 * Loaded before every test file: properties are asked of the same samples each time, so a failure is the change's and not
 * chance's. `PIPEWRIGHT_TEST_SEED=random` looks further, a number repeats what that has found.
 */
const asked = process.env.PIPEWRIGHT_TEST_SEED ?? '20261129';
fc.configureGlobal(asked === 'random' ? {} : { seed: Number(asked) });
