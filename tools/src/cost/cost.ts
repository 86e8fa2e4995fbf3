import { ASSUMED, monthOf, type Month, type Setup } from '@tradewind/core/cost/month';
import { LIST_PRICES } from '@tradewind/core/cost/prices';
import type { Operations, Workload } from '@tradewind/core/cost/workload';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { measure, type Measurement } from './measure.ts';
import { workloadOf, workloadWithoutWorker } from './workload-of.ts';

export type CostOptions = {
  readonly symbols: number;
  readonly viewers: number;
  readonly bots: number;
  readonly positions: number;
  readonly worker: boolean;
  /** Such as `60s` or `2m`. */
  readonly for: string;
};

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000 };

/** Milliseconds of `60s` or `2m`. @throws Fault for anything else. */
export function parseSpan(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([sm])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (!(ms >= 20_000 && ms <= 3_600_000))
    throw new Fault(
      `--for "${text}" is not a time between 20s and 60m. Try --for 60s or --for 5m.`,
    );
  return ms;
}

/** @throws Fault unless it is a whole number from `least` to `most`. */
function whole(name: string, value: number, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Fault(`--${name} is a whole number from ${least} to ${most}, was ${value}.`);
}

const round = (x: number, digits = 0): number => Number(x.toFixed(digits));
const told = ({ reads, writes, bytesRead, bytesWritten }: Operations) => ({
  writes: round(writes),
  reads: round(reads),
  bytes: round(bytesRead + bytesWritten),
});
const usd = (x: number): string => `${x.toFixed(2)} USD`;

function dataOf(
  workload: Workload,
  parts: {
    readonly setup: Setup;
    readonly month: Month;
    readonly inMulti: Month;
    readonly seen: Measurement | null;
  },
) {
  const { setup, month, inMulti, seen } = parts;
  return {
    perSymbolDay: told(workload.perSymbolDay),
    perBotDay: told(workload.perBotDay),
    perWorkerDay: told(workload.perShardDay),
    perDeskDay: told(workload.perDeskDay),
    perHoldingDay: told(workload.perHoldingDay),
    perPositionDay: told(workload.perPositionDay),
    perViewerHour: {
      ...told(workload.perViewerHour),
      openingReads: seen === null ? null : seen.viewer.opened.reads,
    },
    month: {
      firestoreUsd: round(month.firestore.usd, 2),
      computeUsd: round(month.compute.usd, 2),
      totalUsd: round(month.totalUsd, 2),
      symbols: setup.symbols,
      viewers: setup.viewers,
      bots: setup.bots,
      positions: setup.positions,
      worker: setup.workers > 0,
      watchedHoursPerDay: setup.watchedHours,
      location: setup.location,
      firestoreMultiRegionUsd: round(inMulti.firestore.usd, 2),
      afterFreeTier: {
        firestoreUsd: round(month.afterFreeTierUsd.firestore, 2),
        computeUsd: round(month.afterFreeTierUsd.compute, 2),
      },
    },
    measuredSeconds: seen === null ? 0 : round(seen.whole.ms / 1_000),
    pricesCheckedOn: LIST_PRICES.checkedOn,
  };
}

function textOf(data: ReturnType<typeof dataOf>): string {
  const { month } = data;
  const ops = ({ writes, reads, bytes }: ReturnType<typeof told>): string =>
    `${writes.toLocaleString('en')} writes, ${reads.toLocaleString('en')} reads, ${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `${month.symbols} symbols, ${month.bots} bots, ${month.positions} open positions, ${month.viewers} viewers for ${month.watchedHoursPerDay} h a day, ${month.worker ? 'with' : 'without'} a worker`,
    `  A symbol and day     ${ops(data.perSymbolDay)}`,
    `  A bot and day        ${ops(data.perBotDay)}`,
    ...(month.worker ? [`  A worker and day     ${ops(data.perWorkerDay)}`] : []),
    `  The desk and day     ${ops(data.perDeskDay)}`,
    `  A position and day   ${ops(data.perPositionDay)}`,
    ...(month.worker ? [`  Any position and day ${ops(data.perHoldingDay)}`] : []),
    `  A viewer and hour    ${ops(data.perViewerHour)}`,
    `  A month: Firestore ${usd(month.firestoreUsd)} (multi-region ${usd(month.firestoreMultiRegionUsd)}), compute ${usd(month.computeUsd)}, together ${usd(month.totalUsd)}`,
    `  After the free tier: Firestore ${usd(month.afterFreeTier.firestoreUsd)}, compute ${usd(month.afterFreeTier.computeUsd)}`,
    `  ${data.measuredSeconds > 0 ? `Measured for ${data.measuredSeconds} s` : 'Computed, not measured'}; list prices as of ${data.pricesCheckedOn} (docs/cost.md)`,
  ].join('\n');
}

/** What a desk of this size costs: measured with the worker, computed without. Tells its progress on `say`. */
export async function readCost(
  root: string,
  options: CostOptions,
  say: (text: string) => void,
): Promise<Answer> {
  const symbols = whole('symbols', options.symbols, [1, 500]);
  const viewers = whole('viewers', options.viewers, [0, 20]);
  const bots = whole('bots', options.bots, [0, 500]);
  const positions = whole('positions', options.positions, [0, 500]);
  const forMs = parseSpan(options.for);
  const seen = options.worker ? await measure(root, { symbols, viewers, forMs }, say) : null;
  const workload =
    seen === null ? workloadWithoutWorker(bots) : workloadOf(seen, { symbols, bots, viewers });
  const workers = options.worker ? 1 : 0;
  const setup: Setup = { ...ASSUMED, symbols, bots, positions, viewers, workers };
  const month = monthOf(workload, setup, LIST_PRICES);
  const inMulti = monthOf(workload, { ...setup, location: 'multiRegion' }, LIST_PRICES);
  const data = dataOf(workload, { setup, month, inMulti, seen });
  return { ok: true, text: textOf(data), data };
}
