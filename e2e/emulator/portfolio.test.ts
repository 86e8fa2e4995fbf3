import { runGate } from '@tradewind/adapters/execution/run-gate';
import { tradeDoc, type PositionDoc, type TradeDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { price } from '@tradewind/core/lib/units';
import { createPositionGuard } from '../../worker/src/position-guard.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`portfolio-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const KEY = 'binance_spot_BTC-USDT';

/** One bitcoin bought at 100 with a stop of 5 % and a target of 10 %, and the worker's guard over it. */
async function enter(bot: NonNullable<Parameters<Desk['seed']>[0]>['bot'] = {}) {
  await desk.seed({ bot });
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const guard = createPositionGuard(desk.ports);
  guard.update(await held());
  return guard;
}

async function held(): Promise<PositionDoc> {
  const [first] = await desk.positions();
  if (first === undefined) throw new Error('no position');
  return first;
}

async function closedTrade(): Promise<TradeDoc> {
  const trade = await desk.ledger.store.get(
    paths.trade('paper', (await held()).positionId),
    tradeDoc,
  );
  if (trade === undefined) throw new Error('no round trip');
  return trade;
}

test('PF-51 PF-45 prices that the worker saw are written with few writes, and end in R, MAE and MFE of the trade', async () => {
  const guard = await enter();
  const before = (await held()).version;
  for (const px of ['99', '98', '102', '107', '104']) guard.onTrade(KEY, price(px));
  guard.tick();
  await guard.close();
  const watched = await held();
  expect(watched.version).toBe(before + 1);
  expect(watched.protection).toMatchObject({ highest: price('107'), worst: price('98') });

  desk.venue.setPrice(price('106'));
  await desk.quote('BTC-USDT');
  await desk.signal({ action: 'EXIT', expectedPrice: price('106.5') });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  const trade = await closedTrade();
  expect(trade).toMatchObject({ initialStop: price('95'), maePct: -2, mfePct: 7 });
  // 6 less fees of about 0.2, over a risk of 5.
  expect(trade.rMultiple).toBeGreaterThan(1.1);
  expect(trade.rMultiple).toBeLessThan(1.2);
  expect(trade.slippageInPct).toBe(0);
  expect(trade.slippageOutPct).toBeCloseTo((100 * 0.5) / 106.5);
  expect(trade.efficiency).toBeGreaterThan(60);
  await desk.expectAgreement();
});
