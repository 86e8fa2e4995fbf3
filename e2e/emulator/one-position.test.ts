import { closePosition } from '@tradewind/adapters/execution/close-position';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { price, qty } from '@tradewind/core/lib/units';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { createPositionGuard } from '../../worker/src/position-guard.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { putPrice } from './put-price.ts';
import { reconciling } from './reconciling.ts';

import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`one-position-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const KEY = 'binance_spot_BTC-USDT';
const send = async (): Promise<void> => {
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
/** Past the pauses that a symbol takes after fills (RSK-24, RSK-62). */
const later = async (px = '100'): Promise<void> => {
  desk.ledger.pass(3_700_000);
  await putPrice(desk.ledger, { marketKey: KEY, symbol: 'BTC-USDT', price: price(px) });
};
const open = async (): Promise<PositionDoc[]> =>
  (await desk.positions()).filter(({ status }) => status !== 'CLOSED');

test('PF-01 a strategy has one position in a symbol, made of tranches; others and strangers have their own', async () => {
  const on = reconciling(desk);
  await desk.seed({ bots: ['other'], bot: { tranches: { strategy: 'equal_size', stepPct: 1 } } });
  await on.holding();
  await later();
  await desk.signal({ signalId: 'again' });
  await desk.signal({ signalId: 'theirs', strategyId: 'other' });
  await send();
  const again = (await desk.signals()).find(({ signalId }) => signalId === 'again');
  expect(again).toMatchObject({ executionStatus: 'REJECTED' });

  await later('98.9');
  desk.venue.setPrice(price('98.9'));
  await desk.signal({
    ...{ signalId: 'more', action: 'ADD', expectedPrice: price('98.9'), suggestedQuote: null },
  });
  await send();
  desk.venue.foreignTrade({ symbol: 'BTC-USDT', side: 'BUY', quantity: qty('3') });
  await on.pass();
  await on.pass();

  const found = (await open()).map(({ strategyId, tranches }) => [strategyId, tranches?.length]);
  expect(new Map(found.map(([strategyId, count]) => [strategyId, count]))).toEqual(
    new Map<unknown, unknown>([
      ['trend', 2],
      ['other', 1],
      [EXTERNAL, 1],
    ]),
  );
  expect(found).toHaveLength(3);
  await desk.expectAgreement();
});

/** Random numbers that a seed names. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** Ports whose transactions start and read late, by chance; `committed` has the versions of all that they wrote of positions. */
function slow(random: () => number): {
  readonly ports: ExecutionPorts;
  readonly committed: number[];
} {
  const committed: number[] = [];
  const { store } = desk.ports;
  const pause = async (): Promise<void> => {
    for (let n = Math.floor(random() * 12); n > 0; n -= 1) await Promise.resolve();
  };
  const transact = async <T>(body: (tx: StoreTx) => Promise<T>): Promise<T> => {
    let written: number[] = [];
    await pause();
    const result = await store.transact(async (tx) => {
      written = [];
      const value = await body({
        ...tx,
        get: async (path, schema) => {
          const found = await tx.get(path, schema);
          await pause();
          return found;
        },
        set: (path, schema, next) => {
          if (path.includes('/positions/') && 'version' in next) written.push(Number(next.version));
          tx.set(path, schema, next);
        },
      });
      await pause();
      return value;
    });
    committed.push(...written);
    return result;
  };
  return { ports: { ...desk.ports, store: { ...store, transact } }, committed };
}

test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
  'PF-03 ticks, fills, stops and a manual close at once: every write of the position follows the one before (seed %i)',
  async (seed) => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.4') });
    await send();
    const [entry] = await desk.orders();
    const [held] = await desk.positions();
    if (entry === undefined || held === undefined) throw new Error('nothing was bought');
    const before = held.version;
    const random = randomOf(seed);
    const { ports, committed } = slow(random);
    const guard = createPositionGuard(ports);
    guard.update(held);
    desk.venue.fill(entry.orderId, qty('0.3'));
    const { bookId, positionId } = held;
    const watch = async (): Promise<void> => {
      for (const px of ['101', '102', '103']) {
        guard.onTrade(KEY, price(px));
        desk.ledger.pass(1_000);
        guard.tick();
        await Promise.resolve();
      }
    };
    const work = [
      () => syncOrders(ports),
      () => syncOrders(ports),
      watch,
      () => protectPosition(ports, { bookId, positionId }),
      () => closePosition(ports, { bookId, positionId }),
    ];
    await Promise.all(
      work
        .map((run) => ({ run, turn: random() }))
        .toSorted((a, b) => a.turn - b.turn)
        .map(({ run }) => run()),
    );
    await guard.close();
    // One after the other: none was lost, and none was made on an older state.
    expect(committed.toSorted((a, b) => a - b)).toEqual(
      committed.map((_, index) => before + 1 + index),
    );
    expect(committed.length).toBeGreaterThan(1);
    await desk.recover();
    expect(await open()).toEqual([]);
    const sold = (await desk.orders()).filter(
      ({ side, filledQuantity }) => side === 'SELL' && filledQuantity > 0n,
    );
    expect(sold).toHaveLength(1);
    await desk.expectAgreement();
  },
);

test('PF-04 ticks write no valuation of a position, and what they do write at most once a second', async () => {
  await desk.seed();
  await desk.signal();
  await send();
  const held = async () => {
    const [first] = await desk.positions();
    if (first === undefined) throw new Error('no position');
    return first;
  };
  const before = await held();
  const guard = createPositionGuard(desk.ports);
  guard.update(before);
  const { usage } = desk.ledger.store;
  usage.take();
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 50; n += 1) await Promise.resolve();
  };
  const ticks = async (prices: readonly string[]): Promise<number> => {
    for (const px of prices) {
      guard.onTrade(KEY, price(px));
      guard.tick();
      await settle();
    }
    return usage.take().total.writes;
  };
  // Less than is worth a write, however often.
  expect(await ticks(Array.from({ length: 100 }, (_, n) => `100.0${n % 5}`))).toBe(0);
  // A new high with every trade of one second is one write; the last of them comes with the next second.
  expect(
    await ticks(Array.from({ length: 50 }, (_, n) => `10${1 + Math.floor(n / 10)}.${n % 10}`)),
  ).toBe(1);
  desk.ledger.pass(1_000);
  expect(await ticks(['105.9'])).toBe(1);
  await guard.close();
  const after = await held();
  expect(after.protection.highest).toBe(price('105.9'));
  // Nothing but extremes and their stops: P&L is what is held at the last price, which is in no position.
  const { protection, version, updatedAt } = after;
  expect({ ...before, protection, version, updatedAt }).toEqual(after);
  const fields = Object.keys(positionDoc.shape).join();
  expect(fields).not.toMatch(/unrealized|currentPrice/i);
});
