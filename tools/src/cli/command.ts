import { InvalidArgumentError, Option } from 'commander';
import { describe } from '../lib/fault.ts';
import type { Answer } from './answer.ts';

/** Every command can answer for programs. */
export type Json = { readonly json: boolean };

/** Prints an answer for people, or as one JSON object as the last line; its `ok` is the exit code. */
export async function answer({ json }: Json, work: () => Promise<Answer> | Answer): Promise<void> {
  try {
    const { ok, text, data } = await work();
    process.stdout.write(json ? `${JSON.stringify({ ok, ...data })}\n` : `${text}\n`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: describe(error) })}\n`);
    else process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON object').default(false);

export const projectOption = (): Option =>
  new Option(
    '--project <id>',
    'a Firebase project in the cloud, with the credentials of this machine; without it the local desk',
  );

export const offsetOption = (): Option =>
  new Option('--port-offset <n>', 'ports of the local desk').argParser(Number).default(0);

/** A count that a person gives. @throws InvalidArgumentError unless it is a whole number above 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It is a whole number above 0.');
  return value;
}
