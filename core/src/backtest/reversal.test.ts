import { FLAT, run, scripted } from '../../test/scripted-runs.ts';
import type { ReversalPolicy } from '../order/gate-context.ts';
import { anInstrument, aStrategy, seriesOf, type Row } from './testing.ts';

const FUTURE = anInstrument({ marketKey: 'test_futures_BTC-USDT', market: 'futures' });
const rows: Row[] = Array.from({ length: 8 }, () => FLAT);

/** A long from the first bar, and a signal to the short side two bars later. */
function reversed(reversal: ReversalPolicy) {
  const strategy = scripted({ 0: 'ENTER', 2: 'SHORT' });
  const trader = { ...aStrategy({ strategy, marketKeys: [FUTURE.marketKey] }), reversal };
  const verdicts: string[] = [];
  const result = run({ strategies: [trader] }, [seriesOf(rows, FUTURE)], {
    onVerdict: ({ signal, decision }) =>
      verdicts.push(
        `${signal.direction} ${decision.approved ? decision.instruction.action : decision.reasons[0].reason}`,
      ),
  });
  return {
    verdicts,
    closed: result.trades.map(({ side, exitReason }) => `${side} ${exitReason}`),
    open: result.openPositions.map(({ side }) => side),
  };
}

describe('what a signal against the position comes to in a backtest (05 section 2, handler 2)', () => {
  test('flatten closes it and enters nothing', () => {
    expect(reversed('flatten')).toEqual({
      verdicts: ['LONG ENTER', 'SHORT EXIT'],
      closed: ['LONG reversal'],
      open: [],
    });
  });

  test('flip closes it, and asks for the other side through all gates once it is closed', () => {
    expect(reversed('flip')).toEqual({
      verdicts: ['LONG ENTER', 'SHORT EXIT', 'SHORT ENTER'],
      closed: ['LONG reversal'],
      open: ['SHORT'],
    });
  });

  test('ignore leaves it open', () => {
    expect(reversed('ignore')).toEqual({
      verdicts: ['LONG ENTER', 'SHORT max_positions'],
      closed: [],
      open: ['LONG'],
    });
  });
});
