import {
  formatDecimal,
  toNumber,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';

/** Decimal text with at most 8 decimals, cut off: what people read, never what is booked. */
export const shown = (value: Price | Qty | Money): string =>
  formatDecimal(value).replace(/(\.\d{8})\d+$/, '$1');

/** Amount with its sign, 2 to 4 decimals: `+12.34`. */
export function signed(value: Money): string {
  const amount = toNumber(value);
  const text = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
    signDisplay: 'exceptZero',
    useGrouping: false,
  }).format(amount);
  return text;
}

/** Percent with its sign: `+1.49 %` (5 = 5 %). */
export const signedPct = (pct: number): string => `${pct > 0 ? '+' : ''}${pct.toFixed(2)} %`;

/** Slippage in words, because its sign reads the wrong way round: positive is worse (RSK-101). */
export function slippageText(pct: number): string {
  const size = `${Math.abs(pct).toFixed(2)} %`;
  if (Number(Math.abs(pct).toFixed(2)) === 0) return size;
  return `${size} ${pct > 0 ? 'worse' : 'better'} than expected`;
}

/** Length of time in words: `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
