import { marginDoc } from '@tradewind/contracts/documents/risk';
import { cleanup, screen } from '@testing-library/react';
import { money, price } from '@tradewind/core/lib/units';
import { position, T0 } from '../../testing/documents.ts';
import { deskWorld, renderIn, stored } from '../../testing/render-desk.tsx';
import { MarginMeter } from './margin-meter.tsx';

afterEach(cleanup);

const future = position({ marketKey: 'binance_futures_BTC-USDT' });

test('RSK-103 a future shows how much of its margin is left, and what the desk does about it', () => {
  const world = deskWorld('viewer');
  world.put('books/paper/risk/margin', {
    margin: stored(marginDoc, {
      bookId: 'paper',
      at: T0,
      maxAgeMs: 90_000,
      positions: {
        'BTC-USDT__LONG': {
          ...{ symbol: 'BTC-USDT', side: 'LONG', health: 0.24, action: 'reduce' },
          ...{ lowSince: T0, reduced: true, markPrice: price('100'), margin: money('10') },
          ...{ liquidationPrice: price('97'), maintenanceMargin: money('1') },
          unrealizedPnl: money('-7'),
        },
      },
    }),
  });
  renderIn(world, <MarginMeter position={future} tick={price('0.01')} />);
  const meter = screen.getByRole('meter', { name: 'Margin health of BTC-USDT' });
  expect(meter.getAttribute('aria-valuenow')).toBe('24');
  expect(document.body.textContent).toContain('liquidation at 97.00, −3.00 % away');
  expect(screen.getByText('Half of it is being sold.')).toBeTruthy();
});

test('RSK-103 a margin that is not known is said to be, and what follows', () => {
  renderIn(deskWorld('viewer'), <MarginMeter position={future} tick={undefined} />);
  expect(screen.queryByRole('meter')).toBeNull();
  expect(document.body.textContent).toContain('not known just now');
});
