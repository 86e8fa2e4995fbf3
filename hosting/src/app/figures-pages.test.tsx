import { bookDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { weeklyReportDoc } from '@tradewind/contracts/documents/report';
import { integrityDoc, limitsDoc } from '@tradewind/contracts/documents/risk';
import { deadLetterDoc } from '@tradewind/contracts/documents/system';
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { LIMITS } from '@tradewind/core/risk/limits';
import { book, bot, order, T0 } from '../testing/documents.ts';
import { trade } from '../testing/trade-documents.ts';
import { deskWorld, renderDesk, stored } from '../testing/render-desk.tsx';

afterEach(() => {
  cleanup();
  location.hash = '';
});

const goTo = (route: string): void => {
  act(() => {
    location.hash = `#/${route}`;
    dispatchEvent(new HashChangeEvent('hashchange'));
  });
};

test('PF-34 PF-35 frozen figures and unverified orders are said before the figures, and the System page counts origins', () => {
  const world = deskWorld('viewer');
  const frozen = { at: T0, reason: 'fill f1 is synthetic' };
  world.put('books', { paper: stored(bookDoc, book({ frozen })) });
  const lost = order({ status: 'UNKNOWN', venueOrderId: null, updatedAt: epochMs(T0 - 60_000) });
  world.put('books/paper/orders', { twabc: stored(orderDoc, lost) });
  world.put('books/paper/risk/integrity', {
    integrity: stored(integrityDoc, {
      ...{
        bookId: 'paper',
        at: T0,
        maxAgeMs: 60_000,
        faults: 1,
        firstFault: 'fill f1 is synthetic',
      },
      origins: { live: 7, paper: 0, recorded: 0, synthetic: 1, unmarked: 0 },
      unverified: { count: 1, quote: money('100') },
    }),
  });
  renderDesk(world);
  const summary = within(screen.getByRole('region', { name: 'Performance summary' }));
  const [first, second] = summary.getAllByRole('alert').map(({ textContent }) => textContent);
  expect(first).toContain('fill f1 is synthetic');
  expect(second).toContain('1 unverified order worth');
  goTo('system');
  const panel = screen.getByRole('region', { name: 'Ledger integrity' });
  expect(panel.textContent).toContain('Fills at a real venue7');
  expect(panel.textContent).toContain('Simulated on made-up prices1');
});

test('PF-17 a closed trade shows what its entry and exit were expected to cost beside what they cost', async () => {
  const world = deskWorld('viewer');
  const expected = {
    ...{ price: 100, sizeQuote: 200, feeQuote: 0.2, slippagePct: 0.05, latencyMs: 100 },
    ...{ riskToStop: 10.4, breakEvenPct: 0.3, limitUsed: { check: 'positionSize', pct: 80 } },
  };
  const actual = {
    price: 100.1,
    sizeQuote: 200.2,
    feeQuote: 0.2,
    slippagePct: 0.1,
    latencyMs: 110,
  };
  const off = { field: 'slippagePct', expected: 0.05, actual: 0.1, offPct: 100 } as const;
  const entry = { expected, actual, deviations: [{ ...off, rule: 'slippage is not as expected' }] };
  const closed = trade({ analysis: { entry, exit: null } });
  world.put('books/paper/trades', { [closed.tradeId]: stored(tradeDoc, closed) });
  renderDesk(world);
  goTo('performance');
  await userEvent.click(screen.getByRole('button', { name: `Details of trade ${closed.tradeId}` }));
  const table = screen.getByRole('table', { name: 'Closed trades' });
  for (const words of ['0.050 % →', '0.100 %', '+100 %: slippage is not as expected', '10.40 USDT'])
    expect(table.textContent).toContain(words);
  expect(table.textContent).toContain('Not known.');
});

test('PF-16 a bot says what it still has to show before it may be left alone', () => {
  const world = deskWorld('viewer');
  const missing = ['3 of 20 closed paper trades'];
  const readiness = { status: 'NOT_READY', missing, at: T0 } as const;
  world.put('bots', { balanced: stored(botDoc, bot({ readiness })) });
  renderDesk(world);
  const bots = screen.getByRole('region', { name: 'Bots' });
  expect(bots.textContent).toContain('Automation needs 3 of 20 closed paper trades');
  expect(within(bots).getByText('NOT READY')).toBeTruthy();
});

test('PF-93 the last weeks are on the page Performance, and a trader sets the range that they compare with', async () => {
  const world = deskWorld('trader');
  const reported = {
    ...{ bookId: 'paper', reportId: '2026-11-23', name: 'Paper', quote: 'USDT' },
    ...{ from: T0, to: T0, madeAt: T0, frozen: null, value: null, baseline: money('10000') },
    ...{ totalReturnPct: 3.5, weekReturnPct: null, positions: [], projectionPct: 4, target: null },
    week: { trades: 0, wins: 0, losses: 0, net: money('0'), best: null, worst: null },
    ...{ againstTarget: null, unverified: null },
    paperGaps: [{ bookId: 'p', name: 'Sim', paperPct: 3, gapPct: -2 }],
    dumps: { exits: 4, judged: 2, right: 1, precisionPct: 50 },
  };
  world.put('books/paper/reports', { [reported.reportId]: stored(weeklyReportDoc, reported) });
  renderDesk(world);
  goTo('performance');
  const panel = screen.getByRole('region', { name: 'Weekly reports' });
  for (const words of [
    'Total return+3.50 %',
    'Dump detector50 % right (1 of 2)',
    'Against Sim−2.00 % points',
  ])
    expect(panel.textContent).toContain(words);
  expect(panel.textContent).toContain('Return of the week–');
  const set = within(panel).getByRole('button', { name: 'Set range' });
  await userEvent.type(within(panel).getByLabelText('Compare months with, from %'), '3');
  expect(set).toHaveProperty('disabled', true);
  await userEvent.type(within(panel).getByLabelText('to %'), '5');
  await userEvent.click(set);
  expect(world.sent).toMatchObject([
    { name: 'setTargetRange', request: { bookId: 'paper', target: { leastPct: 3, mostPct: 5 } } },
  ]);
});

test('ARC-70 ARC-71 the System page tells every limit that holds, who changed them and why', () => {
  const world = deskWorld('viewer');
  world.put('books/paper/risk/limits', {
    limits: stored(limitsDoc, {
      ...{ bookId: 'paper', mode: 'paper', version: 4, setBy: 'admin@example.com' },
      ...{ reason: 'a quiet start of the week', updatedAt: T0, pending: null },
      limits: { ...LIMITS.paper, tradesPerDay: 12 },
    }),
  });
  renderDesk(world);
  goTo('system');
  const panel = screen.getByRole('region', { name: 'Risk limits' });
  expect(panel.textContent).toContain('Version 4 of admin@example.com');
  expect(panel.textContent).toContain('a quiet start of the week');
  const row = within(panel).getByRole('row', { name: /Trades of a day/ });
  expect(row.textContent).toContain('12 50 without a change');
  // Only an admin is asked about stuck tasks.
  expect(screen.queryByRole('region', { name: 'Stuck tasks' })).toBeNull();
});

describe('ARC-55 stuck tasks', () => {
  const letter = {
    ...{ deadLetterId: 'd1', topic: 'executeIntent', payload: '{"intentId":"i1"}' },
    ...{ error: 'ledger down', attempts: 5, firstAt: T0, lastAt: T0 },
    ...{ replayedAt: null, discardedAt: null },
  };
  const open = () => {
    const world = deskWorld('admin');
    const replayed = { ...letter, deadLetterId: 'd2', topic: 'replayBook', replayedAt: T0 };
    world.put('deadLetters', {
      d1: stored(deadLetterDoc, letter),
      d2: stored(deadLetterDoc, replayed),
    });
    renderDesk(world);
    goTo('system');
    return { world, panel: screen.getByRole('region', { name: 'Stuck tasks' }) };
  };

  test('an admin has one run again; one that was is not shown', async () => {
    const { world, panel } = open();
    expect(panel.textContent).toContain('ledger down');
    expect(panel.textContent).not.toContain('replayBook');
    await userEvent.click(within(panel).getByRole('button', { name: 'Run again' }));
    expect(world.sent).toMatchObject([
      { name: 'replayDeadLetter', request: { deadLetterId: 'd1' } },
    ]);
  });

  test('an admin gives one up only with a reason', async () => {
    const { world, panel } = open();
    await userEvent.click(within(panel).getByRole('button', { name: 'Discard…' }));
    const discard = screen.getByRole('button', { name: 'Discard' });
    expect(discard).toHaveProperty('disabled', true);
    await userEvent.type(screen.getByLabelText(/Why it need not be done/), 'sold it by hand');
    await userEvent.click(discard);
    expect(world.sent).toMatchObject([
      { name: 'discardDeadLetter', request: { deadLetterId: 'd1', reason: 'sold it by hand' } },
    ]);
  });
});
