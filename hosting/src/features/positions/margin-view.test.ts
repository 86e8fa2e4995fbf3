import type { MarginDoc } from '@tradewind/contracts/documents/risk';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price } from '@tradewind/core/lib/units';
import { T0 } from '../../testing/documents.ts';
import { marginView } from './margin-view.ts';

type Held = MarginDoc['positions'][string];
const marginOf = (held: Partial<Held> = {}): MarginDoc => ({
  bookId: 'futures',
  at: T0,
  maxAgeMs: 90_000,
  positions: {
    'BTC-USDT__SHORT': {
      symbol: 'BTC-USDT',
      side: 'SHORT',
      health: 0.9,
      action: 'none',
      lowSince: null,
      reduced: false,
      markPrice: price('100000'),
      liquidationPrice: price('112000'),
      margin: money('1000'),
      maintenanceMargin: money('40'),
      unrealizedPnl: money('-60'),
      ...held,
    },
  },
});
const SHORT = { symbol: 'BTC-USDT', side: 'SHORT' } as const;

test('RSK-103 the margin of a position tells its health and how far its liquidation is', () => {
  expect(marginView(marginOf(), SHORT, T0)).toEqual({
    health: 0.9,
    tone: 'positive',
    consequence: null,
    liquidation: { price: price('112000'), distancePct: expect.closeTo(12, 9) as number },
  });
  expect(marginView(marginOf({ liquidationPrice: null }), SHORT, T0)?.liquidation).toBeNull();
});

test.each([
  ['notice', 'neutral'],
  ['warn', 'warning'],
  ['reduce', 'negative'],
  ['close', 'negative'],
] as const)('RSK-103 what the desk does at "%s" has the colour %s', (action, tone) => {
  expect(marginView(marginOf({ action }), SHORT, T0)).toMatchObject({ tone });
});

test('UI-02 a margin that is old, unknown or of another position is not shown', () => {
  const later = epochMs(T0 + 90_001);
  expect(marginView(marginOf(), SHORT, later)).toBeNull();
  expect(marginView(marginOf({ health: null }), SHORT, T0)).toBeNull();
  expect(marginView(marginOf(), { ...SHORT, side: 'LONG' }, T0)).toBeNull();
  expect(marginView(undefined, SHORT, T0)).toBeNull();
});
