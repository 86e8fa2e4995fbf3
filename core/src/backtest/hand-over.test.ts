import { FLAT, run, scripted } from '../../test/scripted-runs.ts';
import { aStrategy, seriesOf, type Row } from './testing.ts';

/** Bought at 100 with a stop of 5 %; the price falls to 96.5 two bars after the strategy has gone blind. */
function held(
  blindFrom?: number,
  protection = { stopLossPct: 5, takeProfitPct: 50, trailingStopPct: null },
) {
  const strategy = scripted({ 0: 'ENTER' }, blindFrom === undefined ? {} : { blindFrom });
  const rows: Row[] = [FLAT, FLAT, FLAT, FLAT, [100, 100, 96.5, 96.5], [96.5, 96.5, 96.5, 96.5]];
  const result = run({ strategies: [{ ...aStrategy({ strategy }), protection }] }, [
    seriesOf(rows),
  ]);
  return {
    exits: result.trades.map(({ exitReason, exitPrice }) => [exitReason, Number(exitPrice) / 1e18]),
    open: result.openPositions.length,
  };
}

describe('STR-33 a backtest leaves a position whose emergency exit is unknown to tightened stops', () => {
  test('as a desk does: three fifths of the distance, from the best price', () => {
    expect(held(2)).toEqual({ exits: [['trailing_stop', 97]], open: 0 });
  });

  test('and only then', () => {
    expect(held()).toEqual({ exits: [], open: 1 });
  });
});
