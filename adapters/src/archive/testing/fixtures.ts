import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridOf, type Grid } from '@tradewind/core/market/grid';
import type { Bar } from '@tradewind/core/market/bar';
import type { Tick } from '@tradewind/core/market/tick';
import { price, qty } from '@tradewind/core/lib/units';
import { silentLog, type Log } from '../../telemetry/log.ts';
import { openArchive, type Archive, type ArchiveOptions } from '../archive.ts';

export const BTC = 'binance_spot_BTC-USDT';
export const ETH = 'binance_spot_ETH-USDT';
export const GRID: Grid = gridOf({ tickSize: price('0.01'), lotSize: qty('0.00001') });
/** 14:00 UTC of a Friday. */
export const HOUR = Date.UTC(2026, 10, 20, 14);

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'tradewind-archive-'));

/** An archive in a folder of its own whose clock a test moves, and which moves on only when it is pumped. */
export function testArchive(options: Partial<ArchiveOptions> = {}) {
  const folder = options.location ?? temporaryFolder();
  const clock = { now: HOUR };
  const archive: Archive = openArchive({
    location: folder,
    now: () => clock.now,
    log: silentLog,
    hasTimers: false,
    memoryMb: 256,
    ...options,
  });
  return {
    archive,
    clock,
    folder,
    end: async (): Promise<void> => {
      await archive.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Trade `id`, one a second from `from`. */
export const tickOf = (id: number, changes: Partial<Tick> = {}): Tick => ({
  id,
  at: HOUR + id * 1_000,
  price: 6_000_000 + (id % 7),
  size: 1 + (id % 5),
  isBuy: id % 2 === 0,
  ...changes,
});

export const barOf = (openAt: number, changes: Partial<Bar> = {}): Bar => ({
  openAt,
  open: 100,
  high: 110,
  low: 90,
  close: 105,
  volume: 12,
  buyVolume: 7,
  turnover: 1_260,
  trades: 4,
  buyTrades: 2,
  gapFilled: false,
  incomplete: false,
  ...changes,
});

/** Remembers what was logged. */
export function memoryLog(): { readonly log: Log; readonly records: string[] } {
  const records: string[] = [];
  const take = (message: string, fields: object = {}): void => {
    records.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { records, log: { info: take, warn: take, error: take } };
}
