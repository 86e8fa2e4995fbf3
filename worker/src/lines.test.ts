import type { ChunkDoc } from '@tradewind/contracts/documents/market';
import { price } from '@tradewind/core/lib/units';
import { epochMs } from '@tradewind/core/lib/time';
import { createConditions } from './conditions.ts';
import { needWindows } from './line.ts';
import { createRoster } from './line-roster.ts';
import { tradeOf } from './testing/fake-market.ts';
import { at, faultsOf, FEED, KEY, lineBench, SYMBOL, tape } from './testing/line-bench.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

test('MD-06 a line that throws begins anew alone, from what REST tells', async () => {
  const { live, begin, play, candles, line, lines } = lineBench();
  await begin(at(0, 30));
  lines.follow([
    { marketKey: KEY, symbol: SYMBOL },
    { marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' },
  ]);
  const other = lines.get('binance_spot_ETH-USDT');
  await play(at(2, 20));
  const { analysis } = line();
  if (analysis === null) throw new Error('it has none');
  line().analysis = {
    ...analysis,
    tick: () => {
      throw new Error('poison');
    },
  };
  await play(at(2, 22));
  await live();
  await play(at(5, 30));
  expect(faultsOf(candles(), 0, 4)).toEqual([]);
  expect(other?.turn).toBe(1);
});

test('STR-38 what strategies read of the trades is stored with each minute, also after the market began anew', async () => {
  const { live, begin, play, line, lines, documents } = lineBench();
  const stored = (): unknown => {
    const chunks = [...documents.entries()]
      .filter(([path]) => path.startsWith(`markets/${KEY}/chunks/`))
      .map(([, doc]) => doc as ChunkDoc)
      .sort((a, b) => a.hourAt - b.hourAt);
    return chunks.at(-1)?.analytics?.readings['TRADE_RATE_170_0'];
  };
  await begin(at(0, 30));
  await play(at(3, 20));
  expect(stored()).toBeUndefined();
  needWindows(line(), ['TRADE_RATE_170_0']);
  await play(at(4, 20));
  expect(stored()).toBeGreaterThan(0);
  line().analysis = null;
  lines.rejoin(FEED);
  await live();
  await play(at(7, 20));
  expect(stored()).toBeGreaterThan(0);
  needWindows(line(), []);
  await play(at(8, 20));
  expect(stored()).toBeUndefined();
});

test('PF-45 positions hear of the prices that nobody watched, and of no others', async () => {
  const { live, begin, play, silence, lines, gaps } = lineBench();
  await begin(at(0, 30));
  await play(at(2, 20));
  silence(at(2, 40));
  lines.rejoin(FEED);
  await live();
  expect(gaps.map(({ openAt }) => openAt)).toEqual(
    tape.map((trade) => trade.at).filter((time) => time > at(2, 20) && time <= at(2, 41)),
  );
});

test('MD-81 a market is written once a minute, and its bots are woken after that and the board', async () => {
  const bot = { botId: 'trend', bookId: 'paper', marketKey: KEY, timeframe: '1m' as const };
  const { begin, play, writes, tasks } = lineBench([bot]);
  await begin(at(0, 30));
  await play(at(1, 30));
  writes.length = 0;
  tasks.length = 0;
  await play(at(11, 30));
  const chunks = writes.filter((path) => path.includes('/chunks/'));
  expect(chunks).toHaveLength(10);
  expect(writes.slice(0, 2).map((path) => path.split('/')[0])).toEqual(['markets', 'board']);
  expect(tasks).toHaveLength(10);
});

test('what is wrong with the analytics does not cost the candles', async () => {
  const { begin, play, line, candles } = lineBench();
  await begin(at(0, 30));
  const { analysis } = line();
  if (analysis === null) throw new Error('it has none');
  line().analysis = {
    ...analysis,
    view: () => {
      throw new RangeError('there is no such price');
    },
  };
  await play(at(5, 30));
  expect(faultsOf(candles(), 0, 4)).toEqual([]);
});

test('MD-86 no market is added while memory is short, and what is followed stays', async () => {
  const { ports, documents } = fakePorts();
  let inUse = 0.5;
  const roster = createRoster(
    { ...ports, memoryInUse: () => inUse },
    {
      shard: 'worker-0',
      tell: createConditions(ports),
      seenBefore: () => null,
      onAdded: () => undefined,
      onRemoved: () => undefined,
    },
  );
  const eth = { marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' };
  roster.follow([{ marketKey: KEY, symbol: SYMBOL }]);
  inUse = 0.71;
  roster.follow([{ marketKey: KEY, symbol: SYMBOL }, eth]);
  await settle();
  expect(roster.all().map(({ market }) => market.symbol)).toEqual([SYMBOL]);
  const alert = [...documents.values()].find(
    (doc) => (doc as { rule?: string }).rule === 'worker_memory',
  );
  expect(alert).toMatchObject({ severity: 'CRITICAL', state: 'ACTIVE' });
  inUse = 0.7;
  roster.follow([{ marketKey: KEY, symbol: SYMBOL }, eth]);
  expect(roster.all()).toHaveLength(2);
});

test('a market that nobody wants any more is given up after ten minutes, not at once', () => {
  const { ports, state } = fakePorts();
  const removed: string[] = [];
  const roster = createRoster(ports, {
    shard: 'worker-0',
    tell: () => undefined,
    seenBefore: () => null,
    onAdded: () => undefined,
    onRemoved: ({ market }) => void removed.push(market.symbol),
  });
  roster.follow([{ marketKey: KEY, symbol: SYMBOL }]);
  roster.follow([]);
  state.now += 599_999;
  roster.follow([]);
  expect(removed).toEqual([]);
  state.now += 1;
  roster.follow([]);
  expect(removed).toEqual([SYMBOL]);
});

test('MD-32 MD-T08 a single print 40 % off reaches no stop and no board; a second one confirms it', async () => {
  const { begin, play, prices, lines, line, state } = lineBench();
  await begin(at(0, 30));
  await play(at(1, 30));
  prices.length = 0;
  const off = (id: number) => ({
    ...tradeOf(SYMBOL, 10_000_000 + id, { at: state.now, text: '60' }),
    receivedAt: epochMs(state.now),
  });
  lines.receive(off(1));
  expect(prices).toEqual([]);
  expect(line().price.price()).not.toBe(price('60'));
  lines.receive(off(2));
  expect(prices).toEqual([price('60'), price('60')]);
  expect(line().price.price()).toBe(price('60'));
});

test('MD-71 stops hear of a trade when it arrives, whatever waits in the queue', async () => {
  const { begin, play, prices, lines, queue, state } = lineBench();
  await begin(at(0, 30));
  await play(at(1, 30));
  prices.length = 0;
  const next = tape.find((trade) => trade.at > state.now);
  if (next === undefined) throw new Error('the tape is over');
  lines.receive({ ...next, receivedAt: epochMs(state.now) });
  expect(prices).toEqual([next.price]);
  expect(queue.depth()).toBe(1);
});

test('MD-T07 when the queue is full, trades of a market with a position are folded and none is lost', async () => {
  const { begin, play, silence, lines, candles, line, held, queue } = lineBench();
  await begin(at(0, 30));
  await play(at(1, 30));
  held.add(KEY);
  // Everything of four minutes at once, thirty thousand copies of strangers before it.
  const crowd = { ...line().market, marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' };
  lines.follow([{ marketKey: KEY, symbol: SYMBOL }, crowd]);
  for (let n = 0; n < 12_000; n += 1)
    queue.offer(
      crowd.marketKey,
      { id: n + 1, at: at(1, 31), price: 1, size: 1, isBuy: true },
      false,
    );
  const rest = tape.filter((trade) => trade.at > at(1, 30) && trade.at <= at(5, 30));
  for (const trade of rest) lines.receive({ ...trade, receivedAt: epochMs(at(1, 31)) });
  expect(queue.depth()).toBeLessThanOrEqual(10_000 + rest.length);
  silence(at(5, 30));
  while (queue.isBusy()) {
    queue.drain();
    await settle();
  }
  await play(at(7, 30));
  expect(faultsOf(candles(), 0, 6)).toEqual([]);
});

test('a venue whose ids leap without missing trades is believed after three times', async () => {
  const { begin, play, line, market, live } = lineBench();
  // Every id is ten times what it was: no trade is missing between two of them.
  const sparse = tape.map((trade) => ({ ...trade, tradeId: String(Number(trade.tradeId) * 10) }));
  market.of(SYMBOL).splice(0, tape.length, ...sparse);
  await begin(at(0, 30));
  const tenfold = (trades: readonly (typeof tape)[number][]) =>
    trades.map((trade) => ({ ...trade, tradeId: String(Number(trade.tradeId) * 10) }));
  await play(at(1, 30), tenfold);
  await live();
  await play(at(3, 30), tenfold);
  expect(line().phantoms).toBe(3);
  expect(line().phase).toBe('live');
});
