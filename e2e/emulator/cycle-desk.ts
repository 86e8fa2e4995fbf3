import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { createQueue } from '@tradewind/adapters/queue/create-queue';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, priceFromFloat, qty, ZERO_MONEY } from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { book, bot, NOW, riskState } from './documents.ts';
import { createFakeVenue } from './fake-venue.ts';
import { openLedger, type Ledger } from './open-ledger.ts';

export const MINUTE = 60_000;
/** Start of the minute that is forming when a test begins. */
export const T0 = NOW - (NOW % MINUTE);

/** Rises 1 % a minute, for ever in both directions: closes can be computed from the time alone. */
export const candleAt = (openAt: number): Candle => {
  const close = priceFromFloat(1_000 * 1.01 ** ((openAt - T0) / MINUTE), 'floor');
  return {
    openAt: epochMs(openAt),
    open: close,
    high: close,
    low: close,
    close,
    volume: qty('1'),
    buyVolume: null,
    quoteVolume: money('1'),
    trades: 1,
    gapFilled: false,
    buyTrades: null,
    incomplete: false,
    revision: 0,
    source: 'trades',
  };
};

/** A desk with one book and one running bot, a venue that knows candles, and a queue that notes. */
export type CycleDesk = {
  readonly ledger: Ledger;
  readonly ports: ExecutionPorts;
  readonly tasks: { readonly name: string; readonly id: string; readonly data: unknown }[];
  /** The beginning of every range of candles that the venue was asked for. */
  readonly asked: number[];
  /** Whether the venue answers. */
  readonly venue: { answers: boolean };
};

function candleVenue({
  ledger,
  asked,
  venue,
}: Pick<CycleDesk, 'ledger' | 'asked' | 'venue'>): Venue {
  return {
    ...createFakeVenue({ cash: ZERO_MONEY, price: price('1'), now: ledger.clock.marketNow }),
    candles: async (_symbol, { since, limit }) => {
      asked.push(since);
      if (!venue.answers)
        return err({
          code: 'NetworkTimeout',
          severity: 'HIGH',
          retryable: true,
          message: 'away',
          retryAfterMs: null,
        });
      const candles: Candle[] = [];
      const now = ledger.clock.marketNow();
      for (let at: number = since; at <= now && candles.length < limit; at += MINUTE)
        candles.push(candleAt(at));
      return ok(candles);
    },
  };
}

let count = 0;

/** Opens such a desk in a project of its own. */
export async function openCycleDesk(name: string): Promise<CycleDesk> {
  count += 1;
  const ledger = openLedger(`${name}-${count}`, NOW);
  const [tasks, asked, venue]: [CycleDesk['tasks'], number[], CycleDesk['venue']] = [
    [],
    [],
    { answers: true },
  ];
  const { store, clock } = ledger;
  await ledger.clear();
  await store.set(paths.book('paper'), bookDoc, book());
  await store.set(paths.riskState('paper'), riskStateDoc, riskState());
  await store.set(paths.bot('trend'), botDoc, bot());
  await store.set(paths.market('binance_spot_BTC-USDT'), marketDoc, {
    ...{ marketKey: 'binance_spot_BTC-USDT', venue: 'binance', market: 'spot' },
    ...{ symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT' },
    tickSize: price('0.01'),
    lotSize: qty('0.00001'),
    minQty: qty('0.00001'),
    minNotional: money('5'),
    updatedAt: NOW,
  });
  const ports: ExecutionPorts = {
    store,
    clock,
    log: silentLog,
    queue: createQueue(store.usage, (queueName) => ({
      enqueue: async (data, { id }) => {
        tasks.push({ name: queueName, id, data });
      },
    })),
    venueOf: async () => candleVenue({ ledger, asked, venue }),
    actor: 'test',
    settings: { claimLeaseMs: 1, gateLeaseMs: 1, priceMaxAgeMs: 300_000 },
  };
  return { ledger, ports, tasks, asked, venue };
}
