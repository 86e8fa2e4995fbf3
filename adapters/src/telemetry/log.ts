import { redactText, redactValue } from './redact.ts';

/** One record a call; fields are copied without secrets. */
export type Log = {
  readonly info: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
};

const stdout = (line: string): void => {
  process.stdout.write(line);
};

/**
 * A log of `component`: one line of JSON a record, in the fields that Cloud Logging reads
 * (`severity`, `message`, `time`).
 *
 * Not a logging library: that would cost each function 10 to 20 ms of its cold start, and what
 * matters here, the redaction at any depth, libraries leave to us.
 */
export function jsonLog(component: string, write: (line: string) => void = stdout): Log {
  const at =
    (severity: 'INFO' | 'WARNING' | 'ERROR') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const time = new Date(Date.now()).toISOString();
      const safe = redactValue(fields);
      const record = { severity, time, component, message: redactText(message) };
      write(`${JSON.stringify({ ...(safe as object), ...record })}\n`);
    };
  return { info: at('INFO'), warn: at('WARNING'), error: at('ERROR') };
}

/** Drops every record: for tests and tools that print for people. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Records what a stretch of work cost: billed document reads and writes, and whatever else is known of them. */
export function logUsage(
  log: Log,
  usage: { readonly reads: number; readonly writes: number } & Readonly<Record<string, unknown>>,
) {
  log.info('usage', { ...usage, kind: 'usage' });
}
