import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { boardDoc } from '@tradewind/contracts/documents/market';
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { board, book, livePrice, position, riskState, T0 } from '../testing/documents.ts';
import { fakeWorld } from '../testing/fake-ports.ts';
import { deskWorld, renderDesk, stored } from '../testing/render-desk.tsx';

afterEach(() => {
  cleanup();
  setOnline(true);
  location.hash = '';
});

function setOnline(online: boolean): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: online });
  dispatchEvent(new Event(online ? 'online' : 'offline'));
}
const press = (name: RegExp) => userEvent.click(screen.getByRole('button', { name }));
const STOP_KEYS = '{Control>}{Shift>}E{/Shift}{/Control}';

test('the desk shows position, bot, order and signal of the book', () => {
  renderDesk(deskWorld('trader'));
  expect(screen.getAllByText('SIMULATED').length).toBeGreaterThan(0);
  expect(screen.getAllByText('PAPER').length).toBeGreaterThan(0);
  expect(screen.getByText('Connected')).toBeTruthy();
  const positions = within(screen.getByRole('region', { name: 'Positions' }));
  expect(positions.getByText('+20.00 USDT')).toBeTruthy();
  expect(within(screen.getByRole('region', { name: 'Bots' })).getByText('Hot')).toBeTruthy();
  expect(screen.getByText('RSI 28.1 is below 30')).toBeTruthy();
});

test('UI-T08 slippage of exactly zero is shown as 0.00', () => {
  renderDesk(deskWorld('viewer'));
  const row = document.querySelector('[data-order-id="twabc"]');
  expect(row?.textContent).toContain('0.00');
});

test('UI-T01 offline disables commands, and nothing is sent on return', async () => {
  const world = deskWorld('trader');
  renderDesk(world);
  act(() => {
    setOnline(false);
  });
  expect(screen.getByText('Offline')).toBeTruthy();
  for (const name of [/^Close BTC-USDT/, /^Stop Balanced/, /^Simulate buy/])
    expect(screen.getByRole('button', { name })).toHaveProperty('disabled', true);
  await userEvent.keyboard(STOP_KEYS);
  await userEvent.keyboard('STOP{Enter}');
  act(() => {
    setOnline(true);
  });
  expect(world.sent).toEqual([]);
});

test('UI-T07 the emergency stop works by keyboard only and shows the result of every order', async () => {
  const world = deskWorld('trader');
  world.reply(
    ok({
      ok: true,
      code: 'stopped',
      message: 'Trading is stopped.',
      items: [{ item: 'order tw1', result: 'cancelled', ok: true }],
    }),
  );
  renderDesk(world);
  await userEvent.keyboard(STOP_KEYS);
  expect(screen.getByRole('dialog', { name: 'Emergency stop' })).toBeTruthy();
  await userEvent.keyboard('{Enter}');
  expect(world.sent).toEqual([]);
  await userEvent.keyboard('STOP{Enter}');
  expect(world.sent).toMatchObject([{ name: 'emergencyCancel', request: { flatten: false } }]);
  expect(screen.getByText('order tw1: cancelled')).toBeTruthy();
});

test('UI-70 trying again after an unclear answer keeps the commandId, a new click has a new one', async () => {
  const world = deskWorld('trader');
  world.reply(err({ message: 'No clear answer', retryable: true }));
  renderDesk(world);
  await press(/^Stop Balanced/);
  world.reply(ok({ ok: true, code: 'stopped', message: 'Stopped.' }));
  await press(/^Stop Balanced/);
  await press(/^Stop Balanced/);
  const ids = world.sent.map(({ request }) => (request as { commandId: string }).commandId);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[1]);
});

test('UI-05 a viewer sees no command buttons', () => {
  renderDesk(deskWorld('viewer'));
  for (const name of [/emergency stop/i, /^Close BTC/, /^Stop Balanced/, /^Simulate/])
    expect(screen.queryByRole('button', { name })).toBeNull();
});

test('a viewer’s emergency key opens nothing', async () => {
  renderDesk(deskWorld('viewer'));
  await userEvent.keyboard(STOP_KEYS);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('closing asks with size and estimate, then says what the server answered', async () => {
  const world = deskWorld('trader');
  world.reply(ok({ ok: true, code: 'closing', message: 'The exit is on its way.' }));
  renderDesk(world);
  await press(/^Close BTC-USDT/);
  const dialog = within(screen.getByRole('dialog'));
  expect(dialog.getByText('0.1')).toBeTruthy();
  expect(dialog.getByText(/\+20\.00 USDT/)).toBeTruthy();
  expect(world.sent).toEqual([]);
  await userEvent.click(dialog.getByRole('button', { name: 'Close position' }));
  expect(world.sent).toMatchObject([
    { name: 'closePosition', request: { bookId: 'paper', positionId: 'p1' } },
  ]);
  expect(dialog.getByText('The exit is on its way.')).toBeTruthy();
});

test('RSK-94 only an administrator finds the way back, with a reason and the word', async () => {
  const stopped = stored(
    riskStateDoc,
    riskState({ emergencyStop: true, emergencyStopAt: T0, emergencyStopBy: 'a@b.test' }),
  );
  const trader = deskWorld('trader');
  trader.put('books/paper/risk/state', { state: stopped });
  renderDesk(trader);
  expect(screen.getByText(/Trading is stopped/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Reset…' })).toBeNull();
  cleanup();

  const admin = deskWorld('admin');
  admin.put('books/paper/risk/state', { state: stopped });
  renderDesk(admin);
  await press(/^Reset…$/);
  await userEvent.type(screen.getByLabelText(/Why it is safe/), 'too short');
  await userEvent.type(screen.getByLabelText(/Type RESET/), 'RESET');
  expect(screen.getByRole('button', { name: 'Reset' })).toHaveProperty('disabled', true);
  await userEvent.type(screen.getByLabelText(/Why it is safe/), ', now longer');
  await press(/^Reset$/);
  expect(admin.sent).toMatchObject([
    { name: 'resetSafety', request: { confirm: 'RESET', reason: 'too short, now longer' } },
  ]);
});

test('UI-02 a price older than its maxAgeMs is greyed and says so', () => {
  const world = deskWorld('viewer');
  world.put('livePrices', {
    'worker-0': stored(boardDoc, board(livePrice({ writtenAt: epochMs(T0 - 23_000) }))),
  });
  renderDesk(world);
  const card = document.querySelector('[data-position-id="p1"]');
  expect(card?.textContent).toContain('stale 23 s');
  expect(card?.querySelector('[data-stale="true"]')?.textContent).toContain('20.00');
  expect(screen.getByText('Data stale')).toBeTruthy();
});

test('UI-03 an unreadable position is named, and the book’s equity is unknown', () => {
  const world = deskWorld('viewer');
  world.put('books/paper/positions', {
    p1: stored(positionDoc, position()),
    p2: { positionId: 'p2', quantity: 'many' },
  });
  renderDesk(world);
  expect(screen.getByText(/Unreadable: books\/paper\/positions\/p2/)).toBeTruthy();
  const summary = within(screen.getByRole('region', { name: 'Performance summary' }));
  expect(summary.getByText('needs a price for everything held')).toBeTruthy();
});

test('a failed read is an outage, not an empty list', () => {
  const world = deskWorld('viewer');
  renderDesk(world);
  act(() => {
    world.fail('books/paper/positions', 'the database refuses');
  });
  expect(screen.getByText(/the engine still manages stops/)).toBeTruthy();
  expect(screen.queryByText('No open positions')).toBeNull();
});

test('a position that the venue closed leaves the list at once', () => {
  const world = deskWorld('viewer');
  renderDesk(world);
  world.setNow(epochMs(T0 + 1_000));
  act(() => {
    world.put('books/paper/positions', {});
  });
  expect(screen.getByText('No open positions')).toBeTruthy();
});

test('without a role the page says whom to ask', () => {
  renderDesk(deskWorld(null));
  expect(screen.getByText(/Ask an administrator/)).toBeTruthy();
});

test('a session that expires keeps the view behind the sign-in', () => {
  const world = deskWorld('trader');
  renderDesk(world);
  act(() => {
    world.setSession({ kind: 'signedOut' });
  });
  expect(screen.getByRole('dialog', { name: 'Your session has expired' })).toBeTruthy();
  expect(document.querySelector('[data-position-id="p1"]')).not.toBeNull();
});

test('signed out there is nothing but the form, and no listener', () => {
  const world = fakeWorld();
  renderDesk(world);
  expect(screen.getByLabelText('Password')).toBeTruthy();
  expect(world.listening()).toEqual([]);
});

test('UI-09 every page stays below 25 listeners and releases all of them', () => {
  const world = deskWorld('admin');
  const { unmount } = renderDesk(world);
  for (const hash of ['#/orders', '#/performance', '#/activity']) {
    act(() => {
      location.hash = hash;
      dispatchEvent(new Event('hashchange'));
    });
    expect(world.listening().length).toBeLessThanOrEqual(25);
  }
  unmount();
  expect(world.listening()).toEqual([]);
});

test('UI-T15 paper and live are never in one sum: every figure is of the chosen book', async () => {
  const world = deskWorld('viewer');
  const live = book({ bookId: 'real', name: 'Real', mode: 'small', cash: money('500') });
  world.put('books', { paper: stored(bookDoc, book()), real: stored(bookDoc, live) });
  renderDesk(world);
  const summary = () => screen.getByRole('region', { name: 'Performance summary' }).textContent;
  expect(summary()).toContain('10,019.00 USDT');
  await press(/^Real$/);
  expect(summary()).toContain('500.00 USDT');
  expect(screen.getAllByText('SMALL').length).toBeGreaterThan(0);
  expect(screen.queryByText('PAPER')).toBeNull();
});
