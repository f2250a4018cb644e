import { redactData } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** What the person or the pipeline is told on standard error while a command works. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Runs `work` inside a section that GitLab's job log can fold; elsewhere the title is a line of its own. */
  section<T>(id: string, title: string, work: () => Promise<T>): Promise<T>;
}

export type LogFormat = 'human' | 'gitlab' | 'json';

export interface LogOptions {
  readonly format: LogFormat;
  readonly color: boolean;
  readonly debug: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly write: (text: string) => void;
  readonly redact: (text: string) => string;
}

const colors: Record<LogLevel, string> = { debug: '90', info: '0', warning: '33', error: '31' };

/** Makes a log that writes one line a message, redacted, with nothing a terminal would act on. */
export function createLog(options: LogOptions): Log {
  const write = options.format === 'json' ? jsonWriter(options) : humanWriter(options);
  return {
    debug: (message, fields) => {
      if (options.debug) write('debug', message, fields);
    },
    info: (message, fields) => write('info', message, fields),
    warning: (message, fields) => write('warning', message, fields),
    error: (message, fields) => write('error', message, fields),
    section: async (id, title, work) => {
      const end = openSection(options, write, id, title);
      try {
        return await work();
      } finally {
        end();
      }
    },
  };
}

type Writer = (level: LogLevel, message: string, fields?: LogFields) => void;

function jsonWriter(options: LogOptions): Writer {
  return (level, message, fields) => {
    const entry = { time: new Date(options.now()).toISOString(), level, message, ...fields };
    options.write(`${JSON.stringify(redactData(options.redact, entry))}\n`);
  };
}

function humanWriter(options: LogOptions): Writer {
  return (level, message, fields) => {
    const label = level === 'info' ? '' : `${paint(options, colors[level], level)}: `;
    const extra = Object.entries(fields ?? {}).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    options.write(`${label}${withoutControls(options.redact(message + extra.join('')))}\n`);
  };
}

// GitLab reads `section_start:<unix seconds>:<name>\r\e[0K<title>` from the job log; the name is [A-Za-z0-9_.-].
function openSection(options: LogOptions, write: Writer, id: string, title: string): () => void {
  if (options.format !== 'gitlab') {
    write('info', title);
    return () => undefined;
  }
  const name = id.replace(/[^\w.-]/g, '_');
  const seconds = () => Math.floor(options.now() / 1000);
  const clean = withoutControls(options.redact(title));
  options.write(`\u001b[0Ksection_start:${seconds()}:${name}[collapsed=true]\r\u001b[0K${clean}\n`);
  return () => options.write(`\u001b[0Ksection_end:${seconds()}:${name}\r\u001b[0K\n`);
}

function paint(options: LogOptions, color: string, text: string): string {
  return options.color ? `\u001b[${color}m${text}\u001b[0m` : text;
}

/**
 * Replaces control characters (C0 but tab and line feed, DEL, C1) and bidirectional overrides by their
 * `\uNNNN` form: a log line quotes text that strangers wrote, and a terminal or GitLab's log viewer would act
 * on them.
 */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
