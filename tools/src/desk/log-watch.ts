import * as z from 'zod';

const record = z.looseObject({
  severity: z.string().optional(),
  level: z.union([z.string(), z.number()]).optional(),
  component: z.string().optional(),
  message: z.string().optional(),
  kind: z.string().optional(),
  reads: z.number().optional(),
  writes: z.number().optional(),
});

/** What the desk's programs say about themselves, read off their logs while they run. */
export type LogWatch = {
  readonly take: (source: string, line: string) => void;
  /** Firestore operations that they report. */
  readonly usage: () => { readonly reads: number; readonly writes: number };
  /** Errors that they report, each once. */
  readonly errors: () => readonly string[];
};

const MAX_ERRORS = 200;

const isError = ({ severity, level }: z.infer<typeof record>): boolean =>
  /^(error|critical|alert|emergency|fatal)$/i.test(severity ?? String(level ?? '')) ||
  (typeof level === 'number' && level >= 50);

/** What the emulators print when an invocation failed or a process of theirs died. */
const EMULATOR_FAULTS = [
  /^⚠ {2}functions: (?:Error|TypeError|RangeError|ReferenceError|SyntaxError)/,
  /^⚠ {2}functions: Your function (?:timed out|was killed)/,
  /^⚠ {2}functions: .*(?:Failed to|failed to load|Error occurred|raised an error)/,
  /^⚠ {2}tasks: .*(?:[Ff]ailed|error)/,
  /FATAL ERROR|OutOfMemoryError/,
];

function parse(line: string): z.infer<typeof record> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = record.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Adds up usage and collects errors from structured log lines and the emulators' own words. */
export function createLogWatch(): LogWatch {
  const usage = { reads: 0, writes: 0 };
  const errors = new Map<string, number>();
  const fail = (text: string): void => {
    if (errors.has(text) || errors.size < MAX_ERRORS) errors.set(text, (errors.get(text) ?? 0) + 1);
  };
  return {
    take: (source, line) => {
      const parsed = parse(line);
      if (parsed === undefined) {
        if (EMULATOR_FAULTS.some((pattern) => pattern.test(line)))
          fail(`${source}: ${line.slice(0, 300)}`);
        return;
      }
      if (parsed.kind === 'usage') {
        usage.reads += parsed.reads ?? 0;
        usage.writes += parsed.writes ?? 0;
      }
      if (isError(parsed))
        fail(`${parsed.component ?? source}: ${(parsed.message ?? line).slice(0, 300)}`);
    },
    usage: () => ({ ...usage }),
    errors: () =>
      [...errors].map(([text, count]) => (count > 1 ? `${text} (${count} times)` : text)),
  };
}
