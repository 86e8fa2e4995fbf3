import type { DurationMs } from '@tradewind/core/lib/time';
import {
  DECIMALS,
  formatDecimal,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';

/** What is not known (UI-03). */
export const UNKNOWN = '–';
const MINUS = '\u2212';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** Exact decimal text with a fixed number of decimals, halves away from zero, thousands grouped. */
export function fixed(value: Price | Qty | Money, decimals: number): string {
  const step = 10n ** BigInt(DECIMALS - decimals);
  const magnitude = value < 0n ? -BigInt(value) : BigInt(value);
  const rounded = (magnitude + step / 2n) / step;
  const digits = rounded.toString().padStart(decimals + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${value < 0n && rounded > 0n ? MINUS : ''}${whole}${fraction}`;
}

const plus = (text: string): string =>
  text.startsWith(MINUS) || /^[0.,]*$/.test(text) ? text : `+${text}`;

/** `1,234.50 USDT` (UI-04). */
export const formatMoney = (value: Money | undefined, quote: string): string =>
  value === undefined ? UNKNOWN : `${fixed(value, 2)} ${quote}`;

/** `+12.30 USDT`, `−4.00 USDT`, `0.00 USDT`: profit and loss carry their sign (UI-10). */
export const formatPnl = (value: Money | undefined, quote: string): string =>
  value === undefined ? UNKNOWN : `${plus(fixed(value, 2))} ${quote}`;

/** Decimals of a venue's step such as `0.01`. */
export const decimalsOf = (step: Price | Qty): number =>
  formatDecimal(step).split('.')[1]?.length ?? 0;

/** Price by the venue's precision, four decimals where that is not known (UI-04). */
export const formatPrice = (value: Price | null | undefined, tick: Price | undefined): string =>
  value === null || value === undefined
    ? UNKNOWN
    : fixed(value, tick === undefined ? 4 : Math.max(2, decimalsOf(tick)));

/** Quantity without trailing zeros. */
export const formatQty = (value: Qty): string => {
  const [whole = '0', fraction] = formatDecimal(value).split('.');
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
};

/** Number with fixed decimals; `null` and what is not finite are unknown. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

const known = (text: string, suffix: string): string =>
  text === UNKNOWN ? text : `${plus(text)}${suffix}`;

/** `+1.25 %` (UI-04). */
export const formatPercent = (value: number | null | undefined, decimals = 2): string =>
  known(formatNumber(value, decimals), ' %');

/** `+0.125`: scores lie between -1 and 1 (UI-04). */
export const formatScore = (value: number | null): string => known(formatNumber(value, 3), '');

const two = (n: number): string => String(n).padStart(2, '0');

/** `1h 04m 12s`, `4m 12s`, `12s`, `2d 03h` (UI-31). */
export function formatDuration(length: DurationMs | number): string {
  const total = Math.max(0, Math.floor(length / 1_000));
  const [d, h] = [Math.floor(total / 86_400), Math.floor((total % 86_400) / 3_600)];
  const [m, s] = [Math.floor((total % 3_600) / 60), total % 60];
  if (d > 0) return `${d}d ${two(h)}h`;
  if (h > 0) return `${h}h ${two(m)}m ${two(s)}s`;
  return m > 0 ? `${m}m ${two(s)}s` : `${s}s`;
}

/** `4:12`, as a countdown shows it. */
export function formatCountdown(length: DurationMs | number): string {
  const total = Math.max(0, Math.ceil(length / 1_000));
  return `${Math.floor(total / 60)}:${two(total % 60)}`;
}

/** `just now`, `23 s`, `3 min`, `2 h`, `4 d`: an age in one unit. */
export function formatAge(length: DurationMs | number): string {
  const total = Math.max(0, Math.round(length / 1_000));
  if (total < 60) return `${total} s`;
  if (total < 3_600) return `${Math.floor(total / 60)} min`;
  return total < 172_800 ? `${Math.floor(total / 3_600)} h` : `${Math.floor(total / 86_400)} d`;
}
