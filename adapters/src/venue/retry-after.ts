import type { CcxtClient } from './ccxt-clients.ts';

/** Seconds of a `Retry-After` header, as milliseconds. */
export function retryAfterMs(
  client: Pick<CcxtClient, 'last_response_headers'> | undefined,
): number | null {
  const headers = Object.entries(client?.last_response_headers ?? {});
  const [, value] = headers.find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
  const seconds = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : null;
  return seconds === null ? null : seconds * 1_000;
}
