import { defineErrors } from './failure.ts';

export const inputErrors = defineErrors('INPUT', {
  UNKNOWN_COMMAND: {
    kind: 'misuse',
    message: (f: { name: string; near: string | undefined }) =>
      `there is no command "${f.name}"${f.near === undefined ? '' : `; did you mean "${f.near}"?`}`,
    fix: 'Run `pipewright --help` for the list of commands.',
  },
  UNKNOWN_FLAG: {
    kind: 'misuse',
    message: (f: { flag: string; near: string | undefined }) =>
      `unknown flag ${f.flag}${f.near === undefined ? '' : `; did you mean --${f.near}?`}`,
    fix: 'Run the command with `--help` for the list of its flags.',
  },
  UNEXPECTED_ARGUMENT: {
    kind: 'misuse',
    message: (f: { argument: string; command: string }) =>
      `unexpected argument "${f.argument}": ${f.command} takes flags only`,
    fix: 'Run the command with `--help` for what it takes.',
  },
  VALUE_MISSING: {
    kind: 'misuse',
    message: (f: { flag: string; type: string }) => `--${f.flag} needs a value: ${f.type}`,
    fix: 'Write it as `--flag=value` or `--flag value`.',
  },
  REPEATED: {
    kind: 'misuse',
    message: (f: { flag: string }) => `--${f.flag} is given more than once`,
    fix: 'Give it once; only inputs of type list may be repeated.',
  },
  REQUIRED: {
    kind: 'misuse',
    message: (f: { flag: string; env: string | undefined }) =>
      `--${f.flag} is required${f.env === undefined ? '' : ` (or the variable ${f.env})`}`,
    fix: 'Run the command with `--help` for what it takes.',
  },
  INVALID: {
    kind: 'misuse',
    message: (f: { source: string; got: string; expected: string; near: string | undefined }) =>
      `${f.source} is ${f.got}, expected ${f.expected}${f.near === undefined ? '' : `; did you mean "${f.near}"?`}`,
    fix: 'Correct the value; the flag wins over the variable.',
  },
  NOT_FROM_ENV: {
    kind: 'misuse',
    message: (f: { env: string; flag: string }) =>
      `the variable ${f.env} is set, but --${f.flag} decides what passes and is read from the flag only`,
    fix: 'Remove the variable and set the flag, or the input of the component.',
  },
});

export const fileErrors = defineErrors('FILE', {
  NOT_FOUND: {
    kind: 'misuse',
    message: (f: { file: string }) => `${f.file} does not exist`,
    fix: "Check the path; it is relative to the folder the command runs in, in a job the repository's, or to `root` where that is given.",
  },
  IS_DIRECTORY: {
    kind: 'misuse',
    message: (f: { file: string }) => `${f.file} is a directory, expected a file`,
    fix: 'Name a file, or a glob such as "agents/**/*.ossa.yaml".',
  },
  UNREADABLE: {
    kind: 'outside',
    message: (f: { file: string; reason: string }) => `${f.file} cannot be read: ${f.reason}`,
    fix: 'Check the permissions of the file and of the directories above it.',
  },
  UNWRITABLE: {
    kind: 'outside',
    message: (f: { file: string; reason: string }) => `${f.file} cannot be written: ${f.reason}`,
    fix: 'Check free space and permissions; nothing was left half written.',
  },
  TOO_LARGE: {
    kind: 'misuse',
    message: (f: { file: string; bytes: number; limit: number }) =>
      `${f.file} has ${f.bytes} bytes, and at most ${f.limit} are read`,
    fix: 'Split the file.',
  },
  NOT_TEXT: {
    kind: 'misuse',
    message: (f: { file: string }) => `${f.file} is not UTF-8 text`,
    fix: 'Save the file as UTF-8.',
  },
});

export const processErrors = defineErrors('PROCESS', {
  CANCELLED: {
    kind: 'outside',
    message: (f: { signal: string }) => `cancelled by ${f.signal}`,
    fix: 'Start the command again; nothing was left half written.',
  },
  PROGRAM_MISSING: {
    kind: 'outside',
    message: (f: { program: string; reason: string }) => `${f.program} cannot be started: ${f.reason}`,
    fix: 'Install the program, or use an image that has it.',
  },
  OUTPUT_TOO_LARGE: {
    kind: 'outside',
    message: (f: { program: string; limit: number }) =>
      `${f.program} printed more than ${f.limit} bytes and was stopped`,
    fix: 'Reduce what the program prints.',
  },
  BUG: {
    kind: 'bug',
    message: (f: { reason: string }) => `this is a defect of pipewright: ${f.reason}`,
    fix: 'Please report it with the command line and the version; run it again with --debug for the stack.',
  },
});

/** The way to the outside, for every client of the product. */
export const networkErrors = defineErrors('NETWORK', {
  PROXY: {
    kind: 'misuse',
    message: (f: { variable: string; reason: string }) =>
      `the proxy in ${f.variable} cannot be used: ${f.reason}`,
    fix: 'Write it as http://proxy.example.com:3128, a user name and password before the host percent-encoded, or remove the variable.',
  },
  CERTIFICATES: {
    kind: 'misuse',
    message: (f: { variable: string; file: string; reason: string }) =>
      `the certificates in ${f.file}, which ${f.variable} names, cannot be used: ${f.reason}`,
    fix: 'Let the variable name a readable file of certificates in PEM form, or remove it.',
  },
});
