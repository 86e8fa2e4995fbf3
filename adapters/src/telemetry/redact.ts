/** Longest text of another system that is kept in a record. */
const MAX_TEXT = 600;

const QUERY = /(\bhttps?:\/\/[^\s?]+)\?\S*/g;
const ASSIGNMENT =
  /((?:signature|api[-_]?key|x-mbx-apikey|api[-_]?secret|secret|token|password|authorization)["']?\s*[=:]\s*["']?(?:bearer\s+)?)[^\s"'&,;}]+/gi;
/** Hex of 32 or base64-like of 40 and more characters: what keys, signatures and tokens look like. */
const KEY_LIKE =
  /\b[0-9a-f]{32,}\b|\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{40,}\b/g;

/**
 * `text` without query strings, credentials, the given `secrets` and anything that looks like one;
 * cut to 600 characters.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const named = secrets
    .filter((secret) => secret.length >= 4)
    .reduce((kept, secret) => kept.replaceAll(secret, '[redacted]'), text);
  const clean = named
    .replace(QUERY, '$1?[redacted]')
    .replace(ASSIGNMENT, '$1[redacted]')
    .replace(KEY_LIKE, '[redacted]');
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean;
}

const SECRET_FIELD =
  /secret|passw|token|authorization|cookie|signature|api[-_]?key|private[-_]?key/i;
const MAX_DEPTH = 6;

function redactObject(value: object, depth: number): unknown {
  if (value instanceof Error)
    return { name: value.name, message: redactText(value.message), stack: shortStack(value) };
  if (value instanceof Date) return value.toISOString();
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactAt(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_FIELD.test(name) ? '[redacted]' : redactAt(field, depth + 1),
    ]),
  );
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? redactObject(value, depth) : value;
}

/** A copy of `value` that is safe to log: secrets gone, JSON-able, at most 6 levels deep. */
export const redactValue = (value: unknown): unknown => redactAt(value, 0);

/** Where it happened, without the message, which may repeat what was sent. */
const shortStack = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .map((line) => line.trim())
    .join(' | ');
