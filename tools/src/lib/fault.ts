/** A fault with words for the person at the keyboard: printed without a stack, exit code 1. */
export class Fault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Fault';
  }
}

/** What to print of anything thrown: a `Fault` alone, a bug with its stack. */
export function describe(error: unknown): string {
  if (error instanceof Fault) return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}

/** The message alone. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
