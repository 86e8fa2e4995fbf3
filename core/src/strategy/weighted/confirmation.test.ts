import { durationMs, epochMs } from '../../lib/time.ts';
import { confirmNext, type BotAction, type Confirmation } from './confirmation.ts';

const T0 = 1_700_000_040_000;
type Bar = { readonly action: BotAction; readonly at: number; readonly late?: number };

/** Feeds bars at `at` seconds, each evaluated `late` seconds after its close. */
const hold = (bars: readonly Bar[], confirmationMinutes = 5): Confirmation | null =>
  bars.reduce<Confirmation | null>(
    (previous, { action, at, late = 0 }) =>
      confirmNext(previous, {
        action,
        barCloseAt: epochMs(T0 + at * 1_000),
        now: epochMs(T0 + (at + late) * 1_000),
        interval: durationMs(60_000),
        confirmationMinutes,
      }),
    null,
  );
const buys = (...at: readonly number[]): Bar[] => at.map((each) => ({ action: 'BUY', at: each }));

test('STR-T02 completes at 5:00, not at 4:59', () => {
  const before = buys(0, 60, 120, 180, 240);
  expect(hold([...before, ...buys(299)])?.confirmedAt).toBeNull();
  expect(hold([...before, ...buys(300)])?.confirmedAt).toBe(T0 + 300_000);
});

test('STR-T02 a single HOLD starts it over', () => {
  const held = hold([...buys(0, 60, 120), { action: 'HOLD', at: 180 }, ...buys(240, 300)]);
  expect(held).toMatchObject({ startedAt: T0 + 240_000, confirmedAt: null });
});

test('STR-17 the other action starts it over', () => {
  const held = hold([...buys(0, 60, 120), { action: 'SELL', at: 180 }]);
  expect(held).toMatchObject({ action: 'SELL', startedAt: T0 + 180_000 });
});

test('STR-17 a gap of three bars is bridged, a longer one starts it over', () => {
  expect(hold(buys(0, 180))?.startedAt).toBe(T0);
  expect(hold(buys(0, 181))?.startedAt).toBe(T0 + 181_000);
});

test('STR-17 an evaluation that pauses longer than three bars starts it over, though no bar is missing', () => {
  expect(hold([...buys(0), { action: 'BUY', at: 60, late: 120 }])?.startedAt).toBe(T0);
  expect(hold([...buys(0), { action: 'BUY', at: 60, late: 121 }])?.startedAt).toBe(T0 + 60_000);
});

test('once confirmed it stays so while it is held', () => {
  expect(hold(buys(0, 60, 120), 1)?.confirmedAt).toBe(T0 + 60_000);
});

test('without a confirmation time the first bar confirms', () => {
  expect(hold(buys(0), 0)?.confirmedAt).toBe(T0);
});
