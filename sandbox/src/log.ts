/** Writes one JSON line to stderr: stdout carries the line that says where the sandbox listens. */
export function warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ severity: 'WARNING', message, ...fields })}\n`);
}
