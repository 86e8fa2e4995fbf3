import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import { recordGate } from '@tradewind/adapters/execution/judge-gates';
import { judgeReadiness } from '@tradewind/adapters/execution/judge-readiness';
import { countTrade } from '@tradewind/adapters/execution/performance-ledger';
import { tidyBooks } from '@tradewind/adapters/execution/tidy-books';
import { bookDoc, riskStateDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { budgetDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { GATES } from '@tradewind/core/risk/go-gates';
import { handleSetMode } from '../../functions/src/risk/handle-set-mode.ts';
import { readinessText, readReadiness } from '../../tools/src/cli/bot-readiness.ts';
import { planText, readPlans } from '../../tools/src/cli/live-plans.ts';
import { trade } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`go-live-${projects}`, { memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const wish = () =>
  handleSetMode(desk.ports, {
    ...{ commandId: 'c1', bookId: 'paper', mode: 'full', reason: 'two good weeks of small' },
  });
const show = (gate: string, passed = true) =>
  recordGate(desk.ledger.store, {
    ...{ gate, passed, evidence: 'run 812', by: 'admin@desk' },
    now: desk.ledger.clock.wallNow(),
  });

describe('PF-16 a bot is judged by what it has shown on paper', () => {
  const judged = async () => {
    await judgeReadiness(desk.ports);
    const bot = await desk.ledger.store.get(paths.bot('trend'), botDoc);
    return bot?.readiness;
  };

  test('what is missing is named, on the bot and beside the gates', async () => {
    await desk.seed();
    const first = await judged();
    expect(first).toMatchObject({ status: 'NOT_READY' });
    expect(first?.missing).toEqual([
      '0 of 20 closed paper trades',
      'an expectancy above 0',
      'a protective stop',
      'a budget',
    ]);
    const [line] = (await readReadiness(desk.ledger.store)).map(readinessText);
    expect(line).toContain('NOT READY, needs 0 of 20 closed paper trades; ');
    // Nothing new is nothing written, until it is a day old.
    desk.ledger.pass(3_600_000);
    expect((await judged())?.at).toBe(first?.at);
  });

  test('twenty trades that made something, a stop at the venue and a budget make it ready; an order that hung does not', async () => {
    await desk.seed();
    const { store, clock } = desk.ledger;
    const now = clock.wallNow();
    for (let n = 0; n < 20; n += 1)
      await countTrade(desk.ports, trade({ tradeId: `t${n}`, netPnl: money('1') }));
    await store.set(paths.budget('paper', 'trend'), budgetDoc, {
      ...{ bookId: 'paper', strategyId: 'trend', allocated: money('500'), used: money('0') },
      ...{ usedAt: now, setBy: 'me', updatedAt: now },
    });
    const { venueOf } = desk.ports;
    const holding = async (...of: Parameters<typeof venueOf>) => {
      const venue = await venueOf(...of);
      return { ...venue, capabilities: { ...venue.capabilities, stopOrders: true } };
    };
    const judge = async () => {
      await judgeReadiness({ ...desk.ports, venueOf: holding });
      return (await store.get(paths.bot('trend'), botDoc))?.readiness;
    };
    expect(await judge()).toMatchObject({ status: 'READY', missing: [] });
    await raiseAlert(store, {
      ...{ rule: 'stuckOrder', bookId: 'paper', symbol: 'BTC-USDT', severity: 'WARNING' },
      ...{ message: 'hangs', details: {}, now },
    });
    expect(await judge()).toMatchObject({ missing: ['no stuck order in 24 h (1)'] });
    desk.ledger.pass(86_400_000);
    await desk.quote('BTC-USDT');
    expect(await judge()).toMatchObject({ status: 'READY' });
  });

  test('of a live book’s bots nothing is said', async () => {
    await desk.seed({ book: { mode: 'small', origin: 'live' } });
    expect(await judged()).toBeUndefined();
  });
});

/** Fifteen days of a small book, with a round trip that made something, compared with its venue just now. */
async function twoGoodWeeks(net: string): Promise<void> {
  const { store, clock } = desk.ledger;
  await desk.seed({ book: { mode: 'small', createdAt: clock.wallNow() } });
  desk.ledger.pass(15 * 86_400_000);
  const closed = trade({ netPnl: money(net), closedAt: clock.marketNow() });
  await store.set(paths.trade('paper', closed.tradeId), tradeDoc, closed);
  await countTrade(desk.ports, closed);
  await compared();
}

async function compared(): Promise<void> {
  const { store, clock } = desk.ledger;
  const at = clock.wallNow();
  await store.set(paths.riskState('paper'), riskStateDoc, {
    ...(await desk.riskNow()),
    reconciliation: { at, failures: 0, criticals: 0, recovering: false },
  });
}

test('OPS-60 RSK-06 a small book becomes full by what it has traded and what was shown of each gate, and says what is missing', async () => {
  await twoGoodWeeks('5');
  await expect(show('G01')).rejects.toThrow('has not judged its gates yet');
  await tidyBooks(desk.ports);
  for (const gate of GATES.filter((one) => one !== 'G18')) await show(gate);
  const refused = await wish();
  expect(refused).toMatchObject({ ok: false, code: 'not_ready' });
  expect(refused.message).toContain('gates have not passed: G18.');

  await show('G18', false);
  expect((await wish()).message).toContain('G18');
  await show('G18');
  expect(await wish()).toMatchObject({ ok: true, code: 'set' });
  const book = await desk.ledger.store.get(paths.book('paper'), bookDoc);
  expect(book?.mode).toBe('full');
});

test('OPS-60 what was judged more than a day ago does not count, and the hourly job judges it anew', async () => {
  await twoGoodWeeks('5');
  await tidyBooks(desk.ports);
  for (const gate of GATES) await show(gate);
  desk.ledger.pass(25 * 3_600_000);
  await compared();
  expect((await wish()).message).toContain('not judged within a day');
  await tidyBooks(desk.ports);
  expect(await wish()).toMatchObject({ ok: true });
});

test('RSK-06 a book that has lost stays small, whatever else was shown', async () => {
  await twoGoodWeeks('-500');
  await tidyBooks(desk.ports);
  for (const gate of GATES) await show(gate);
  const refused = await wish();
  expect(refused).toMatchObject({ ok: false });
  expect(refused.message).toContain('its result is neither above 0 nor');
});

test('a gate that there is not, and one without evidence, cannot be shown', async () => {
  await desk.seed();
  await tidyBooks(desk.ports);
  await expect(show('G23')).rejects.toThrow('is no gate');
  const { store, clock } = desk.ledger;
  const empty = {
    gate: 'G01',
    passed: true,
    evidence: ' ',
    by: 'me',
    now: epochMs(clock.wallNow()),
  };
  await expect(recordGate(store, empty)).rejects.toThrow('Say where the evidence of G01 is');
});

test('EXE-81 what paper made is planned with a fifth less, and with two to three times the slippage', async () => {
  await desk.seed();
  expect(await readPlans(desk.ledger.store)).toEqual([]);
  const closed = trade({
    ...{ netPnl: money('500'), slippageInPct: 0.02, slippageOutPct: 0.04 },
    closedAt: desk.ledger.clock.marketNow(),
  });
  await desk.ledger.store.set(paths.trade('paper', closed.tradeId), tradeDoc, closed);
  await countTrade(desk.ports, closed);
  const plans = await readPlans(desk.ledger.store);
  expect(plans.map(planText)).toEqual([
    '  Paper: return 5.00 %, live 4.00 %; slippage 0.030 %, live 0.060 % to 0.090 %',
  ]);
});
