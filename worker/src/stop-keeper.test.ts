import type { Protected } from '@tradewind/adapters/execution/protect-position';
import type { StopWish } from '@tradewind/adapters/execution/plan-stop';
import { paths } from '@tradewind/contracts/paths';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { onPrice } from '@tradewind/core/portfolio/protection';
import { anInstrument } from '@tradewind/core/order/fixtures';
import { price, qty } from '@tradewind/core/lib/units';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { createStopKeeper } from './stop-keeper.ts';
import { openPosition } from './testing/fixtures.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

const RESTING = {
  venueStopOrderId: 'tw1',
  stopPrice: price('49500'),
  quantity: qty('0.01'),
  generation: 1,
};

function bench(answer: Protected | Error = 'placed', atr: string | null = null) {
  const { ports, state, documents } = fakePorts();
  documents.set(paths.market('binance_spot_BTC-USDT'), anInstrument());
  const wishes: StopWish[] = [];
  const atrOf = () => (atr === null ? null : price(atr));
  const keeper = createStopKeeper(ports, atrOf, async (_, wish) => {
    wishes.push(wish);
    await settle();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const look = async (over: Partial<PositionDoc> = {}, highest = '50000'): Promise<void> => {
    const doc = openPosition(over);
    const { protection } = onPrice(doc.protection, doc.side, price(highest));
    keeper.look({ doc, protection });
    await settle();
  };
  const wait = async (ms: number): Promise<void> => {
    await keeper.settled();
    state.now += ms;
  };
  return { wishes, look, wait };
}

/** The keeper knows the market's rules. */
async function ready(answer?: Protected | Error, atr?: string) {
  const ours = bench(answer, atr);
  await ours.look({ stop: RESTING });
  return ours;
}

test('D13 a position without a stop at the venue is seen to within a look', async () => {
  const { wishes, look } = await ready();
  await look();
  expect(wishes).toMatchObject([{ positionId: 'p1', highest: price('50000') }]);
});

test('PF-46 a stop is moved when the price has run a quarter of a percent, by what was seen', async () => {
  const { wishes, look, wait } = await ready();
  await look({ stop: RESTING }, '50100');
  expect(wishes).toEqual([]);
  await look({ stop: RESTING }, '50200');
  expect(wishes).toMatchObject([{ highest: price('50200') }]);
  // Moves are coalesced: the next one waits.
  await wait(1_900);
  await look({ stop: RESTING }, '51000');
  expect(wishes).toHaveLength(1);
  await wait(200);
  await look({ stop: RESTING }, '51000');
  expect(wishes).toHaveLength(2);
});

test.each<[string, Partial<PositionDoc>]>([
  ['has the stop that it needs', { stop: RESTING }],
  ['is being closed', { closeIntentId: 'exit' }],
  ['somebody else opened', { strategyId: EXTERNAL }],
])('a position that %s is left alone (PF-43, PF-49)', async (_, position) => {
  const { wishes, look } = await ready();
  await look(position);
  expect(wishes).toEqual([]);
});

test('a look that failed is made again; at a venue without stops it waits longer', async () => {
  const failing = await ready(new Error('the ledger is away'));
  await failing.look();
  await failing.wait(2_100);
  await failing.look();
  expect(failing.wishes).toHaveLength(2);
  const without = await ready('unsupported');
  await without.look();
  await without.wait(2_100);
  await without.look();
  expect(without.wishes).toHaveLength(1);
});

test('PF-46 a market that moves more keeps the stop further away, and the venue is told how far', async () => {
  const { wishes, look, wait } = await ready('placed', '800');
  // 2 x 0.5 % of 50,300 is 503: the ATR of 800 is more, and its stop at 49,500 is where it is.
  await look({ stop: RESTING }, '50300');
  expect(wishes).toEqual([]);
  await look({ stop: RESTING }, '50500');
  expect(wishes).toMatchObject([{ highest: price('50500'), atr: price('800') }]);
  await wait(2_000);
});
