import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feed } from '../desk/feed.ts';

/** Market milliseconds per wall millisecond: five minutes of outage take one. */
export const SPEED = 5;
const MINUTES = 60;
const EVERY_MS = 500;
const BEGIN = Date.UTC(2026, 0, 5, 12);

/** A market that swings about one price, so that signals stay good: an hour of trades, two a second. */
export function writeMarket(folder: string): Feed {
  const count = (MINUTES * 60_000) / EVERY_MS;
  const rows = Array.from({ length: count }, (_, n) => {
    const price = 50_000 + 60 * Math.sin(n / 90) + 15 * Math.sin(n / 7);
    return `${BEGIN + n * EVERY_MS},${price.toFixed(2)},0.05,${n % 2 === 0 ? 'buy' : 'sell'}`;
  });
  const path = join(folder, 'market.csv');
  writeFileSync(path, `ts,price,qty,side\n${rows.join('\n')}\n`);
  return { kind: 'file', name: `market.csv@${SPEED}`, path, speed: SPEED };
}
