import { err, ok, type Result } from '@tradewind/core/lib/result';

/** Where the market's trades come from. */
export type Feed =
  | { readonly kind: 'sandbox'; readonly name: 'sandbox' }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly path: string;
      /** Market milliseconds per wall millisecond. */
      readonly speed: number;
    }
  | { readonly kind: 'live'; readonly name: string; readonly venue: string };

const EXAMPLES = 'use sandbox, file:PATH, file:PATH@SPEED or live:VENUE';
const MAX_SPEED = 10_000;

function parseFile(rest: string): Result<Feed, string> {
  const at = rest.lastIndexOf('@');
  // An @ inside a folder's name is part of the path, not a speed.
  const hasSpeed = at > rest.lastIndexOf('/') && at > rest.lastIndexOf('\\');
  const path = hasSpeed ? rest.slice(0, at) : rest;
  const speedText = hasSpeed ? rest.slice(at + 1) : '1';
  if (path === '')
    return err(`--feed ${JSON.stringify(`file:${rest}`)} names no file: ${EXAMPLES}`);
  const speed = speedText.trim() === '' ? Number.NaN : Number(speedText);
  if (!(speed >= 0.1 && speed <= MAX_SPEED))
    return err(
      `--feed speed "${speedText}" is not a number from 0.1 to ${MAX_SPEED}: file:PATH@60 plays an hour a minute`,
    );
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return ok({ kind: 'file', name: `${name}@${speed}`, path, speed });
}

/** Parses `--feed`. */
export function parseFeed(text: string): Result<Feed, string> {
  if (text === 'sandbox') return ok({ kind: 'sandbox', name: 'sandbox' });
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  if (kind === 'file') return parseFile(rest);
  if (kind === 'live') {
    if (!/^[a-z0-9]+$/.test(rest))
      return err(
        `--feed live:${rest} names no venue: live:binance streams Binance's public trades`,
      );
    return ok({ kind: 'live', name: text, venue: rest });
  }
  return err(`--feed "${text}" is not known: ${EXAMPLES}`);
}

/** True when prices are made up or recorded rather than happening now. */
export const isSimulated = (feed: Feed): boolean => feed.kind !== 'live';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Parses a length of time such as `90s`, `2m` or `1h` to milliseconds; a bare number is seconds. */
export function parseDuration(text: string): Result<number, string> {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? 's'] ?? Number.NaN);
  return ms > 0 ? ok(ms) : err(`"${text}" is not a length of time: write 90s, 2m or 1h`);
}

/** Parses a comma-separated list of `BASE-QUOTE` symbols. */
export function parseSymbols(text: string): Result<readonly string[], string> {
  const symbols = text.split(',').map((part) => part.trim().toUpperCase());
  const bad = symbols.find((symbol) => !/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/.test(symbol));
  if (bad !== undefined)
    return err(`--symbol "${bad}" is not BASE-QUOTE: write BTC-USDT, or several with commas`);
  return ok([...new Set(symbols)]);
}
