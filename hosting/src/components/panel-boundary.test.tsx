import { cleanup, screen } from '@testing-library/react';
import { fakeWorld } from '../testing/fake-ports.ts';
import { renderIn } from '../testing/render-desk.tsx';
import { PanelBoundary } from './panel-boundary.tsx';

afterEach(cleanup);

function Broken(): never {
  throw new Error('a bug');
}

test('UI-T14 one panel that crashes leaves the rest', () => {
  const complain = console.error;
  console.error = () => undefined;
  renderIn(
    fakeWorld(),
    <>
      <PanelBoundary title="Chart">
        <Broken />
      </PanelBoundary>
      <PanelBoundary title="Orders">
        <p>the orders</p>
      </PanelBoundary>
    </>,
  );
  console.error = complain;
  expect(screen.getByText('the orders')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Chart' }).textContent).toContain('a bug');
});
