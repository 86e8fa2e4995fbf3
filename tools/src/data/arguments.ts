import { isKind, KINDS, marketName, type Kind } from '@tradewind/adapters/archive/layout';
import { Fault, messageOf } from '../lib/fault.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const LENGTH = /^(\d+(?:\.\d+)?)([smhdw])$/;

/** A length of time such as `90m`, `24h` or `7d`, in milliseconds. @throws Fault otherwise. */
export function parseLength(text: string): number {
  const [, count, unit] = LENGTH.exec(text.trim()) ?? [];
  const ms = Number(count) * UNITS[(unit ?? 's') as keyof typeof UNITS];
  if (count === undefined || !(ms > 0))
    throw new Fault(
      `"${text}" is no length of time. Write a number and s, m, h, d or w: 90m, 24h, 7d.`,
    );
  return Math.round(ms);
}

/** A time: a date (UTC unless it names a zone), `now`, or a length such as `7d` for that long ago. @throws Fault otherwise. */
export function parseTime(text: string, now: number): number {
  const trimmed = text.trim();
  if (trimmed === 'now') return now;
  if (LENGTH.test(trimmed)) return now - parseLength(trimmed);
  const isDated = /^\d{4}-\d\d-\d\d/.test(trimmed);
  const isZoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(trimmed.slice(10));
  const full =
    trimmed.length === 10
      ? `${trimmed}T00:00:00Z`
      : `${trimmed.replace(' ', 'T')}${isZoned ? '' : 'Z'}`;
  const at = isDated ? Date.parse(full) : /^\d{13}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (Number.isNaN(at))
    throw new Fault(
      `"${text}" is no time. Write a date such as 2026-11-20 or 2026-11-20T14:30, or how long ago: 24h, 7d.`,
    );
  return at;
}

/** A span of time from two options; what is left out is open. @throws Fault when it is empty. */
export function parseSpan(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  now: number,
): { readonly from?: number; readonly to?: number } {
  const start = from === undefined ? undefined : parseTime(from, now);
  const end = until === undefined ? undefined : parseTime(until, now);
  if (start !== undefined && end !== undefined && start >= end)
    throw new Fault(`The span is empty: ${from ?? ''} is not before ${until ?? ''}.`);
  return {
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
  };
}

/** `BTC-USDT` from what people write: `btc/usdt`, `BTC_USDT`. @throws Fault when it has no two parts. */
export function parseSymbol(text: string): string {
  const symbol = text.trim().toUpperCase().replace(/[/_:]/, '-');
  if (!/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/.test(symbol))
    throw new Fault(`"${text}" is no symbol. Write base and quote: BTC-USDT.`);
  return symbol;
}

/** A market's key, as it was given. @throws Fault with how one is written. */
export function parseMarket(text: string): string {
  try {
    marketName(text);
    return text;
  } catch (error) {
    throw new Fault(`${messageOf(error)}. See which there are: npm run tw -- data list`);
  }
}

/** What kind of rows is meant. @throws Fault with the kinds there are. */
export function parseKind(text: string): Kind {
  if (isKind(text)) return text;
  throw new Fault(`"${text}" is nothing that an archive holds. Choose one of ${KINDS.join(', ')}.`);
}

/** `COLUMN=VALUE` of a repeated option. @throws Fault otherwise. */
export function parseOnly(
  text: string,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const [, column, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (column === undefined || value === undefined)
    throw new Fault(`"${text}" is no filter. Write COLUMN=VALUE, such as --only market=usdm.`);
  return { ...before, [column.trim()]: value };
}
