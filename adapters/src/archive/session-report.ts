import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { sessionEnd } from '@tradewind/contracts/documents/data-session';
import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import { epochMs } from '@tradewind/core/lib/time';
import type { Archive } from './archive.ts';
import type { Scope } from './catalog.ts';
import { BAR_LENGTHS, isBarKind, type Kind } from './layout.ts';

/** What a session turned out to hold (MD-90). */
export type SessionReport = Pick<
  DataSessionDoc,
  'rowCounts' | 'bytes' | 'gaps' | 'coveragePct' | 'checksums'
>;

type Gap = DataSessionDoc['gaps'][number];
type Span = { readonly from: number; readonly to: number };

/** How long a market may be silent at the ends of a session before that counts as a gap. */
const EDGE_MS = 60_000;
const MAX_GAPS = 1_000;

/** The kinds of rows that belong to a session. */
export const kindsOf = ({ channels, timeframes }: DataSessionDoc): Kind[] => [
  ...(channels.includes('trades') ? (['ticks'] as const) : []),
  ...(channels.includes('candles') ? timeframes.filter(isBarKind) : []),
];

/** Files and rows of a session. @throws RangeError for one that has no end yet. */
export function scopeOf(session: DataSessionDoc): Scope & Span {
  const end = sessionEnd(session);
  if (session.startedAt === null || end === null)
    throw new RangeError(
      `Session ${session.sessionId} has not ended: it has nothing to report yet.`,
    );
  const { marketKeys } = session;
  return { marketKeys, kinds: kindsOf(session), from: session.startedAt, to: end };
}

/** SHA-256 of a file, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const gap = (marketKey: string, span: Span, backfilled: boolean): Gap => ({
  marketKey,
  from: epochMs(span.from),
  to: epochMs(span.to),
  backfilled,
});

/** Stretches that were filled by request: what the stream missed and the venue told later (MD-23). */
async function filledGaps(archive: Archive, marketKey: string, { from, to }: Span): Promise<Gap[]> {
  const { rows } = await archive.query(
    `SELECT min(ts), max(ts) FROM (
       SELECT ts, source, sum(CASE WHEN source = before THEN 0 ELSE 1 END) OVER (ORDER BY ts, id) AS run
       FROM (SELECT ts, id, source, lag(source) OVER (ORDER BY ts, id) AS before FROM ticks
         WHERE ts >= ${from} AND ts < ${to}))
     WHERE source = 'rest' GROUP BY run ORDER BY 1 LIMIT ${MAX_GAPS}`,
    { scope: { marketKeys: [marketKey], kinds: ['ticks'], from, to } },
  );
  return rows.map(([first, last]) =>
    gap(marketKey, { from: Number(first), to: Number(last) }, true),
  );
}

/** The finest kind tells what was missed: trades where there are some, else the shortest candles. */
function finest(kinds: readonly Kind[]): Kind | undefined {
  const length = (kind: Kind): number => (kind === 'ticks' ? 0 : BAR_LENGTHS[kind]);
  return [...kinds].sort((a, b) => length(a) - length(b))[0];
}

async function reportMarket(
  archive: Archive,
  marketKey: string,
  { kinds = [], from = 0, to = 0 }: Scope,
) {
  const kind = finest(kinds);
  if (kind === undefined) return { rows: 0, gaps: [], coveragePct: 0 };
  const found = await archive.inspect(marketKey, { kind, from, to });
  const edge = kind === 'ticks' ? EDGE_MS : BAR_LENGTHS[kind];
  const last = found.to === null ? from : found.to + (kind === 'ticks' ? 0 : BAR_LENGTHS[kind]);
  const missing = [
    ...(found.from !== null && found.from - from > edge ? [{ from, to: found.from }] : []),
    ...found.gaps,
    ...(to - last > edge ? [{ from: last, to }] : []),
  ];
  const lostMs = missing.reduce((sum, lost) => sum + (lost.to - lost.from), 0);
  const filled = kind === 'ticks' ? await filledGaps(archive, marketKey, { from, to }) : [];
  const share = to > from ? 1 - lostMs / (to - from) : 0;
  return {
    rows: found.rows,
    gaps: [...missing.map((lost) => gap(marketKey, lost, false)), ...filled],
    coveragePct: Math.max(0, Math.min(100, Math.round(share * 10_000) / 100)),
  };
}

/**
 * Counts what a session holds: rows, bytes, gaps, the share of its time that is covered, and a SHA-256 of each of
 * its files. Merge its folders first: a merge afterwards would make other files.
 *
 * @throws RangeError for a session that has no end yet.
 */
export async function sessionReport(
  archive: Archive,
  session: DataSessionDoc,
): Promise<SessionReport> {
  const scope = scopeOf(session);
  const markets = await Promise.all(
    session.marketKeys.map(async (key) => [key, await reportMarket(archive, key, scope)] as const),
  );
  const found = await archive.find(scope);
  const checksums: Record<string, string> = {};
  for (const { path } of found)
    checksums[path] = await sha256(await archive.parts.files.fetch(path));
  const pick = <T>(read: (market: Awaited<ReturnType<typeof reportMarket>>) => T) =>
    Object.fromEntries(markets.map(([key, market]) => [key, read(market)]));
  return {
    rowCounts: pick(({ rows }) => rows),
    coveragePct: pick(({ coveragePct }) => coveragePct),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    gaps: markets
      .flatMap(([, { gaps }]) => gaps)
      .sort((a, b) => a.from - b.from)
      .slice(0, MAX_GAPS),
    checksums,
  };
}
