import { epochMs } from '../lib/time.ts';
import {
  dumpPrecision,
  dumpSignals,
  isQuoteShaky,
  judgeDump,
  type DumpInputs,
  type DumpMemory,
} from './dump.ts';

const START = 10_000_000;
const t = (seconds: number) => epochMs(START + seconds * 1_000);

describe('dumps', () => {
  const calm: DumpInputs = {
    side: 'LONG',
    bars: [],
    flowBefore: null,
    flowNow: null,
    ema: [],
    atr: null,
    enteredBeyondEma: false,
    levels: [],
    exitSlippagePct: null,
    liquidityChangePct: null,
    quoteFailures: 0,
  };
  const bar = (buys: number, sells: number, close = 100) => ({
    high: 101,
    low: 99,
    close,
    buys,
    sells,
  });
  const selling = [bar(1, 1.5), bar(2, 3), bar(1, 2)];

  test.each<[string, Partial<DumpInputs>, readonly string[]]>([
    ['nothing known', {}, []],
    ['three bars of sales', { bars: selling }, ['volumeReversal']],
    ['two of them', { bars: selling.slice(1) }, []],
    ['a third with buyers', { bars: [...selling.slice(1), bar(1, 1.49)] }, []],
    ['a flow that flips', { flowBefore: 2.5, flowNow: 0.4 }, ['flowFlip']],
    ['a flow that was never strong', { flowBefore: 2.4, flowNow: 0.1 }, []],
    ['an exit that would slip by more than 10 %', { exitSlippagePct: 10.1 }, ['liquidityGone']],
    ['a pool that lost 30 %', { liquidityChangePct: -30 }, ['liquidityGone']],
    ['a third quote that failed', { quoteFailures: 3 }, ['liquidityGone']],
    ['a second one', { quoteFailures: 2 }, []],
    [
      'two closes far below a falling average',
      {
        bars: [bar(1, 1, 98), bar(1, 1, 97)],
        ema: [103, 102, 101, 100],
        atr: 6,
        enteredBeyondEma: true,
      },
      ['momentumBreak'],
    ],
    [
      'an entry that was below it already',
      { bars: [bar(1, 1, 98), bar(1, 1, 97)], ema: [103, 102, 101, 100], atr: 6 },
      [],
    ],
    [
      'a distance of less than half a range',
      {
        bars: [bar(1, 1, 98), bar(1, 1, 97.1)],
        ema: [103, 102, 101, 100],
        atr: 6,
        enteredBeyondEma: true,
      },
      [],
    ],
    [
      'an average that has paused',
      {
        bars: [bar(1, 1, 98), bar(1, 1, 97)],
        ema: [103, 102, 102, 100],
        atr: 6,
        enteredBeyondEma: true,
      },
      [],
    ],
    [
      'a high at a supply zone sold off',
      { bars: [bar(1, 2, 99.5)], levels: [101.1] },
      ['resistance'],
    ],
    ['one that closed in the middle', { bars: [bar(1, 2, 100)], levels: [101.1] }, []],
    ['one away from every level', { bars: [bar(1, 2, 99.5)], levels: [102] }, []],
  ])('06 section 9: %s', (_, change, signals) => {
    expect(dumpSignals({ ...calm, ...change })).toEqual(signals);
  });

  test('PF-T13 a SHORT fears the mirror image', () => {
    const buying = selling.map(({ buys, sells, ...rest }) => ({
      ...rest,
      buys: sells,
      sells: buys,
    }));
    const short = { ...calm, side: 'SHORT' } as const;
    expect(dumpSignals({ ...short, bars: buying })).toEqual(['volumeReversal']);
    expect(dumpSignals({ ...short, bars: selling })).toEqual([]);
    expect(dumpSignals({ ...short, flowBefore: 0.4, flowNow: 2.5 })).toEqual(['flowFlip']);
    const rising = { ema: [97, 98, 99, 100], atr: 6, enteredBeyondEma: true };
    expect(dumpSignals({ ...short, ...rising, bars: [bar(1, 1, 102), bar(1, 1, 103)] })).toEqual([
      'momentumBreak',
    ]);
    expect(dumpSignals({ ...short, bars: [bar(2, 1, 100.5)], levels: [99.05] })).toEqual([
      'resistance',
    ]);
  });

  const look = (second: number, signals: ReturnType<typeof dumpSignals>, change = {}) => ({
    ...{ signals, openedAt: t(0), now: t(second), blind: false, mode: 'two' as const },
    ...change,
  });

  test('PF-70 PF-T13 one soft signal stays, two different ones within 60 s leave, a hard one leaves', () => {
    const first = judgeDump({}, look(20, ['flowFlip']));
    expect(first.exit).toBeNull();
    expect(judgeDump(first.memory, look(50, ['flowFlip'])).exit).toBeNull();
    expect(judgeDump(first.memory, look(79, ['resistance'])).exit).toEqual([
      'flowFlip',
      'resistance',
    ]);
    expect(judgeDump(first.memory, look(80, ['resistance'])).exit).toBeNull();
    expect(judgeDump({}, look(20, ['liquidityGone'])).exit).toEqual(['liquidityGone']);
    expect(judgeDump({}, look(20, ['flowFlip'], { mode: 'any' })).exit).toEqual(['flowFlip']);
  });

  test('PF-71 nothing is judged in the first ten seconds, or blindly', () => {
    const memory: DumpMemory = {};
    expect(judgeDump(memory, look(9, ['liquidityGone'])).exit).toBeNull();
    expect(judgeDump(memory, look(10, ['liquidityGone'])).exit).not.toBeNull();
    expect(judgeDump(memory, look(20, ['liquidityGone'], { blind: true })).exit).toBeNull();
  });

  test('PF-72 between the first failed quote and the third the stop is tightened', () => {
    expect([0, 1, 2, 3].map(isQuoteShaky)).toEqual([false, true, true, false]);
  });

  test('PF-73 precision is the share of exits that the market followed', () => {
    const exit = (worst: number, side: 'LONG' | 'SHORT' = 'LONG') => ({
      exitPrice: 100,
      worstWithin10m: worst,
      side,
    });
    expect(dumpPrecision([exit(99), exit(99.1), exit(101, 'SHORT'), exit(100)])).toBe(0.5);
    expect(dumpPrecision([])).toBeNull();
  });
});
