import fc from 'fast-check';
import { runBacktest } from '../../backtest/run.ts';
import { aConfig, aStrategy, seriesOf, type Row } from '../../backtest/testing.ts';
import { normal } from '../../simulation/random.ts';
import { fiveSection } from './five-section.ts';
import type { Operator } from './check.ts';

/** A market that moves by about 0.3 % a minute. */
function marketOf(seed: number, bars: number): readonly Row[] {
  let state = seed;
  let close = 100;
  return Array.from({ length: bars }, () => {
    const draw = normal(state);
    state = draw.seed;
    const open = close;
    close = Math.round(open * (1 + draw.value * 0.003) * 100) / 100;
    return [open, Math.max(open, close), Math.min(open, close), close];
  });
}

const SECOND: Readonly<Partial<Record<Operator, (value: number) => number>>> = {
  between: (value) => value + 20,
  outside: (value) => value + 20,
  withinPct: () => 1,
};

/** A condition that holds now and then on such a market. */
const anyCondition = (known: readonly string[]) =>
  fc
    .record({
      condition: fc.constantFrom(...known),
      operator: fc.constantFrom<Operator>(
        'gt',
        'lt',
        'between',
        'outside',
        'rising',
        'falling',
        'crossesAbove',
        'crossesBelow',
        'withinPct',
      ),
      negate: fc.boolean(),
      holdSeconds: fc.constantFrom(0, 0, 60, 180),
    })
    .map(({ operator, ...rest }) => {
      const around = { price: 100, profit_pct: 0.2 }[rest.condition] ?? 50;
      const value = operator === 'rising' || operator === 'falling' ? 0.1 : around;
      const value2 = SECOND[operator]?.(value);
      return { ...rest, operator, value, ...(value2 === undefined ? {} : { value2 }) };
    });
const anySection = (known: readonly string[], minLength: number) =>
  fc
    .tuple(
      fc.array(anyCondition(known), { minLength, maxLength: 3 }),
      fc.constantFrom('all', 'any'),
    )
    .map(([conditions, logic]) => ({
      logic,
      conditions: conditions.map((each, index) => ({ id: `c${index}`, ...each })),
    }));

const SEEN = ['price', 'RSI_3', 'STOCHF_5_3'];
const anyParams = fc.record({
  S1: anySection(SEEN, 1),
  O1: anySection(SEEN, 0),
  Z1: anySection(SEEN, 1),
  ZE1: anySection([...SEEN, 'profit_pct'], 1),
  E1: anySection([...SEEN, 'profit_pct'], 0),
  cooldownSeconds: fc.constantFrom(0, 120),
});

describe('prop: any five sections on any market', () => {
  test('STR-T13 behave, trade and come out the same twice', () => {
    let trades = 0;
    fc.assert(
      fc.property(anyParams, fc.integer(), (params, seed) => {
        const config = aConfig({
          strategies: [aStrategy({ strategy: { id: fiveSection.id, params } })],
        });
        const faults: string[] = [];
        const moves: number[] = [];
        const run = () =>
          runBacktest(config, [seriesOf(marketOf(seed, 100))], {
            strategyById: () => fiveSection,
            onStep: ({ audit }) => {
              if (audit.fault !== null) faults.push(audit.fault);
              moves.push(audit.records.length);
            },
          });
        const result = run();
        if (!result.ok) throw new Error(result.error);
        expect(faults).toEqual([]);
        expect(Math.max(...moves)).toBeLessThanOrEqual(1);
        expect(run()).toEqual(result);
        for (const { exitReason } of result.value.trades)
          expect(['ZE1', 'E1', 'session_stop']).toContain(exitReason);
        trades += result.value.trades.length;
      }),
      { numRuns: 40 },
    );
    expect(trades).toBeGreaterThan(10);
  });
});
