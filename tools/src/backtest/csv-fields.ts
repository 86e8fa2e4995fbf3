const [MINUS, PLUS, POINT, ZERO, NINE, SPACE, QUOTE] = [45, 43, 46, 48, 57, 32, 34];
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** Bytes `[from, to)` of a file: one field. */
export type Field = { readonly bytes: Buffer; from: number; to: number };

/** Leaves out spaces and quotation marks around a field. */
export function trim(field: Field): void {
  const { bytes } = field;
  const isAround = (byte: number | undefined): boolean => byte === SPACE || byte === QUOTE;
  while (field.from < field.to && isAround(bytes[field.from])) field.from += 1;
  while (field.to > field.from && isAround(bytes[field.to - 1])) field.to -= 1;
}

export const textOf = ({ bytes, from, to }: Field): string => bytes.toString('utf8', from, to);

/**
 * The float nearest to a decimal: digits and powers of ten below 2^53 and 10^22 are exact, so that their quotient is
 * rounded once. Everything else takes the long way. NaN for what is no number.
 */
export function numberOf(field: Field): number {
  const { bytes, from, to } = field;
  let digits = 0;
  let decimals = -1;
  let at = from;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at += 1;
  const first = at;
  for (; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + (byte - ZERO);
      if (decimals >= 0) decimals += 1;
    } else if (byte === POINT && decimals < 0) decimals = 0;
    else break;
  }
  const power = POWERS[Math.max(0, decimals)];
  const count = at - first - (decimals < 0 ? 0 : 1);
  if (at === to && count > 0 && power !== undefined && digits <= Number.MAX_SAFE_INTEGER)
    return (isNegative ? -digits : digits) / power;
  const text = textOf(field);
  return text === '' ? Number.NaN : Number(text);
}

/** Digits after the point, without zeros at the end. */
export function decimalsOf({ bytes, from, to }: Field): number {
  const point = bytes.indexOf(POINT, from);
  if (point < 0 || point >= to) return 0;
  let end = to;
  while (end > point + 1 && bytes[end - 1] === ZERO) end -= 1;
  return end - point - 1;
}

/** Epoch milliseconds of seconds, milli-, micro- or nanoseconds by their number of digits, or of a date (UTC). */
export function timeIn(field: Field): number {
  const value = numberOf(field);
  if (Number.isNaN(value)) {
    const text = textOf(field);
    const isZoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text.slice(10));
    const full = text.length <= 10 ? `${text}T00:00:00` : text.replace(' ', 'T');
    return Date.parse(isZoned ? full : `${full}Z`);
  }
  if (value < 1e11) return Math.round(value * 1_000);
  if (value < 1e14) return Math.floor(value);
  return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6);
}

const BUYS: ReadonlySet<string> = new Set(['buy', 'b', 'bid', 'long', '1']);
const SELLS: ReadonlySet<string> = new Set(['sell', 's', 'ask', 'short', '-1']);

/** 1 where the aggressor bought, -1 where he sold, NaN where it cannot be told. */
export function sideIn(field: Field): number {
  const text = textOf(field).toLowerCase();
  return BUYS.has(text) ? 1 : SELLS.has(text) ? -1 : Number.NaN;
}

/** As {@link sideIn}, of a column that says whether the buyer had been waiting. */
export function sideOfMaker(field: Field): number {
  const text = textOf(field).toLowerCase();
  return text === 'true' || text === '1' ? -1 : text === 'false' || text === '0' ? 1 : Number.NaN;
}
