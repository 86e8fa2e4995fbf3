import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { Store } from '@tradewind/adapters/ledger/store';
import { epochMs } from '@tradewind/core/lib/time';
import { price } from '@tradewind/core/lib/units';
import { armProtection } from '@tradewind/core/portfolio/protection';
import type { ExitRequest } from './exit-requests.ts';
import { createPositionGuard } from './position-guard.ts';
import { openPosition } from './testing/fixtures.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

const KEY = 'binance_spot_BTC-USDT';

function bench() {
  const { ports, state } = fakePorts();
  const exits: string[] = [];
  const exit: ExitRequest = (_, { reason, price: at }) => {
    exits.push(`${reason} at ${at}`);
    return Promise.resolve({ kind: 'notOpen' });
  };
  // Nothing is known of the market, so that nothing is asked of the venue.
  const store = {
    get: () => Promise.resolve(undefined),
    transact: () => Promise.resolve(undefined),
  } as unknown as Store;
  const guard = createPositionGuard({ ...ports, store }, exit);
  const protect = (entry: string, version: number): PositionDoc => ({
    ...openPosition(),
    protection: armProtection(
      price(entry),
      { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null, stopAt: null, targetAt: null },
      'LONG',
    ),
    version,
  });
  const waitFor = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      state.now = epochMs(state.now + 1_000);
      guard.tick();
      await settle();
    }
  };
  return { guard, exits, protect, waitFor };
}

test('MD-T13 MD-68 in a halt no stop fires on the price of before it, and the first trade after it fires', async () => {
  const { guard, exits, protect, waitFor } = bench();
  guard.update(protect('50000', 1));
  guard.onTrade(KEY, price('49000'));
  expect(exits).toEqual([]);
  // The market is halted: nothing trades any more, and the last price grows old.
  await waitFor(121_000);
  // A stop that is raised above that price meanwhile must not fire on it.
  guard.update(protect('52000', 2));
  await waitFor(600_000);
  expect(exits).toEqual([]);
  // It opens again.
  guard.onTrade(KEY, price('49300'));
  await settle();
  expect(exits).toEqual([`stop_loss at ${price('49300')}`]);
});

test('a stop that is raised above a price of moments ago fires without another trade', async () => {
  const { guard, exits, protect, waitFor } = bench();
  guard.update(protect('50000', 1));
  guard.onTrade(KEY, price('49000'));
  guard.update(protect('52000', 2));
  await waitFor(1_000);
  expect(exits).toEqual([`stop_loss at ${price('49000')}`]);
});

test('PF-T09 two positions in one symbol have stops of their own', () => {
  const { guard, exits, protect } = bench();
  guard.update({ ...protect('50000', 1), positionId: 'early' });
  guard.update({ ...protect('54000', 1), positionId: 'late' });
  guard.onTrade(KEY, price('51000'));
  expect(exits).toHaveLength(1);
  guard.onTrade(KEY, price('47000'));
  expect(exits).toHaveLength(2);
});
