import * as z from 'zod';
import { BAR_LENGTHS, isKind, type BarKind, type Kind } from './layout.ts';
import type { Scope } from './catalog.ts';
import { locate, reading, type Reader } from './query.ts';
import { distinctRows, type Located } from './relation.ts';
import { integer, rowsOf } from './sql.ts';

/** What an archive holds of one market and kind. */
export type MarketSummary = {
  readonly marketKey: string;
  readonly kind: Kind;
  readonly rows: number;
  /** Time of the first and of the last row, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly files: number;
  readonly bytes: number;
};

const counted = z.object({
  market_key: z.string(),
  kind: z.string().refine(isKind),
  rows: integer,
  from: integer,
  to: integer,
});

const countSql = (rows: string): string => `
  SELECT venue || '_' || market || '_' || symbol AS market_key, kind, count(*) AS rows,
    min(ts) AS "from", max(ts) AS "to" FROM (${rows}) GROUP BY ALL`;

/** Counts rows, spans and bytes by market and kind, in order of their names. */
export async function summarise(reader: Reader, scope: Scope): Promise<MarketSummary[]> {
  const bars = Object.keys(BAR_LENGTHS) as BarKind[];
  return reader.database.ask((connection) =>
    reading(reader, async () => {
      const located = await locate(reader, scope);
      const of = (kinds: readonly Kind[]): Located[] =>
        located.filter(({ file }) => kinds.includes(file.kind));
      const found = [
        ...(await rowsOf(connection, countSql(distinctRows('ticks', of(['ticks']))), counted)),
        ...(await rowsOf(connection, countSql(distinctRows('bars', of(bars))), counted)),
      ];
      const summaries = found.map(({ market_key: marketKey, kind, ...rest }) => {
        const own = located.filter(
          ({ file }) => file.marketKey === marketKey && file.kind === kind,
        );
        const bytes = own.reduce((sum, { file }) => sum + file.bytes, 0);
        return { marketKey, kind, ...rest, files: own.length, bytes };
      });
      const rank = (kind: Kind): number => (kind === 'ticks' ? 0 : BAR_LENGTHS[kind]);
      const order = (a: MarketSummary, b: MarketSummary): number =>
        a.marketKey === b.marketKey
          ? rank(a.kind) - rank(b.kind)
          : Number(a.marketKey > b.marketKey) * 2 - 1;
      return summaries.sort(order);
    }),
  );
}
