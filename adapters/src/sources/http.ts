import { err, ok, type Result } from '@tradewind/core/lib/result';
import type * as z from 'zod';
import type { SourceError } from './source.ts';

/** An answer longer than this is not read: no source has that much to say. */
const MOST_BYTES = 8 * 1024 * 1024;

const failed = (
  kind: SourceError['kind'],
  message: string,
  retryAfterMs: number | null = null,
): Result<never, SourceError> => err({ kind, message, retryAfterMs });

/** Reads a body up to a length. @throws Error when it is longer or breaks off. */
async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    if (length > MOST_BYTES) throw new Error(`its answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function retryAfterOf(response: Response): number | null {
  const text = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : null;
}

/** What a status that is no success means. */
function refusal(response: Response): Result<never, SourceError> {
  const { status } = response;
  if (status === 429)
    return failed('limited', 'it asks for fewer calls (429)', retryAfterOf(response));
  if (status === 404) return failed('unknownSymbol', 'it does not know the symbol (404)');
  if (status === 401 || status === 403)
    return failed('refused', `it denies access (${status}): check the key and its plan`);
  return failed('unreachable', `it answers with status ${status}`, retryAfterOf(response));
}

/** Reasons of a failed request without its address, which holds the key. */
function reasonOf(thrown: unknown, deadlineMs: number): string {
  if (!(thrown instanceof Error)) return 'the request failed';
  if (thrown.name === 'TimeoutError') return `no whole answer within ${deadlineMs} ms`;
  const { cause } = thrown;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : null;
  return code ?? (thrown.message.startsWith('its answer') ? thrown.message : 'the request failed');
}

/** Requests of one source, with a deadline that covers the body. */
export function createHttp(config: { readonly baseUrl: string; readonly deadlineMs: number }) {
  const { baseUrl, deadlineMs } = config;
  /** Whatever arrives, as JSON. */
  const getJson = async (
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<Result<unknown, SourceError>> => {
    const url = `${baseUrl}${path}?${new URLSearchParams(query).toString()}`;
    let text: string;
    try {
      const response = await fetch(url, {
        // Some answer only to what looks like a person's program.
        headers: {
          accept: 'application/json',
          'user-agent': 'Mozilla/5.0 (compatible; Tradewind)',
        },
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      });
      if (!response.ok) {
        await response.body?.cancel();
        return refusal(response);
      }
      text = await readBody(response);
    } catch (thrown) {
      return failed('unreachable', reasonOf(thrown, deadlineMs));
    }
    try {
      return ok(JSON.parse(text) as unknown);
    } catch {
      return failed('malformed', 'its answer is not JSON');
    }
  };
  return { getJson };
}
export type Http = ReturnType<typeof createHttp>;

/** Parses an answer; what is wrong with it is a value. */
export function readAnswer<S extends z.ZodType>(
  schema: S,
  answer: unknown,
): Result<z.output<S>, SourceError> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return ok(parsed.data);
  const faults = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    return `${path.join('.')} ${message}`.trim();
  });
  return failed('malformed', `its answer cannot be read: ${faults.join('; ')}`.slice(0, 300));
}

export { failed };
