import * as z from 'zod';
import { locate, reading, type Reader } from './query.ts';
import { distinctRows } from './relation.ts';
import { integer, rowsOf } from './sql.ts';

export type LastTick = {
  /** The venue's id, a number where it is one. */
  readonly id: number | string;
  /** The venue's time, epoch milliseconds. */
  readonly at: number;
};

/** How far back a hole may lie that a crash left: longer than a segment and the lateness of trades together. */
const LOOK_BACK_MS = 90_000;

/**
 * The trade after which a market's archive may lack some: its last one; or, where the venue counts its trades
 * one by one, the last before a hole of the final 90 seconds, because a crash can lose a late trade whose
 * younger neighbours were stored. `undefined` for a market without trades.
 */
export function lastTick(reader: Reader, marketKey: string): Promise<LastTick | undefined> {
  return reader.database.ask((connection) =>
    reading(reader, async () => {
      const scope = { marketKeys: [marketKey], kinds: ['ticks'] as const };
      const files = await reader.catalog.find(scope);
      const newest = files.reduce((latest, { from }) => Math.max(latest, from), -1);
      const located = await locate(reader, { ...scope, from: newest - LOOK_BACK_MS });
      const rows = await rowsOf(
        connection,
        `WITH recent AS (
          SELECT id, ts, try_cast(id AS HUGEINT) AS n FROM (${distinctRows('ticks', located)})
          QUALIFY ts >= max(ts) OVER () - ${LOOK_BACK_MS}),
        stepped AS (SELECT *, lead(n) OVER (ORDER BY n) - n AS step FROM recent),
        told AS (SELECT *, median(step) OVER () = 1 AND count(n) OVER () = count(*) OVER () AS counted
          FROM stepped)
        SELECT id, ts FROM told ORDER BY
          CASE WHEN counted AND step > 1 THEN 0 ELSE 1 END,
          CASE WHEN counted AND step > 1 THEN n END, n DESC NULLS LAST, ts DESC, id DESC LIMIT 1`,
        z.object({ id: z.string(), ts: integer }),
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      const number = Number(row.id);
      const isNumber = Number.isSafeInteger(number) && String(number) === row.id;
      return { id: isNumber ? number : row.id, at: row.ts };
    }),
  );
}
