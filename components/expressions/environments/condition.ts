import { defineEnvironment } from '../environment.ts';

/** What preconditions and postconditions of a task, and conditions between steps, are decided by. */
export const environment = defineEnvironment({
  id: 'condition',
  facts: [
    {
      name: 'input',
      type: 'json',
      suppliedBy: 'caller',
      about: 'The input, after it was checked against the schema of inputs.',
    },
    {
      name: 'output',
      type: 'json',
      suppliedBy: 'task',
      about: 'What the task answered; absent in preconditions.',
    },
    {
      name: 'exit_code',
      type: 'int',
      suppliedBy: 'sandbox',
      about: 'Exit code of the entrypoint; absent in preconditions.',
    },
    {
      name: 'attempt',
      type: 'int',
      suppliedBy: 'session',
      about: 'Which attempt this is; the first is 1.',
    },
  ],
});
