import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import { hashId } from '@tradewind/core/lib/ids';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Archive } from './archive.ts';
import { BAR_LENGTHS, marketName, type Kind } from './layout.ts';
import { sessionReport } from './session-report.ts';
import { COLLECTOR_VERSION } from './start-session.ts';

export type Imported = {
  readonly name: string;
  readonly marketKey: string;
  readonly kind: Kind;
  /** Time of the first and of the last row, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly now: EpochMs;
};

/**
 * The session of rows that were imported (MD-94): candles cannot drive strategies that look at trades, which its
 * granularity says. The same rows make the same session.
 */
export async function describeImport(
  archive: Archive,
  imported: Imported,
): Promise<DataSessionDoc> {
  const { name, marketKey, kind, from, to, now } = imported;
  const isTicks = kind === 'ticks';
  const end = to + (isTicks ? 1 : BAR_LENGTHS[kind]);
  const session: DataSessionDoc = {
    sessionId: hashId('import', marketKey, kind, String(from), String(to)),
    name: name.slice(0, 100),
    purpose: 'Imported history',
    venues: [marketName(marketKey).venue],
    marketKeys: [marketKey],
    channels: [isTicks ? 'trades' : 'candles'],
    timeframes: isTicks ? [] : [kind],
    granularity: kind,
    status: 'COMPLETED',
    origin: 'recorded',
    startedAt: epochMs(from),
    endsAt: epochMs(end),
    endedAt: epochMs(end),
    startedBy: 'import',
    rowCounts: {},
    bytes: 0,
    gaps: [],
    coveragePct: {},
    checksums: {},
    collectorVersion: COLLECTOR_VERSION,
    planTier: 'basic',
    error: null,
    updatedAt: now,
  };
  return { ...session, ...(await sessionReport(archive, session)) };
}
