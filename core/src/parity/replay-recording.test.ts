import fc from 'fast-check';
import { above, aRecording, MADE } from '../../test/recorded-session.ts';
import { epochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import type { Candle } from '../market/market.ts';
import { defineStrategy } from '../strategy/strategy.ts';
import type { Cause } from './difference.ts';
import type { LedgerFill } from './ledger.ts';
import type { RecordedBar, Recording } from './recording.ts';
import type { Replayer } from './replay-decisions.ts';
import { replayRecording, scorePct } from './replay-recording.ts';

const replayer: Replayer = {
  strategyById: (id) => (id === above.id ? above : undefined),
  code: 'test',
};

/** Up and down around 50,000, long enough for several round trips. */
const CLOSES = Array.from({ length: 50 }, (_, minute) => 50_000 + 40 * Math.sin(minute / 3));
const whole = aRecording(CLOSES);

const walks = fc
  .array(fc.integer({ min: -200, max: 200 }), { minLength: 5, maxLength: 50 })
  .map((moves) => {
    let close = 50_000;
    return moves.map((move) => (close += move / 10));
  });

test('STR-05 prop: what nobody touched replays to the very same decisions, fills and P&L', () => {
  fc.assert(
    fc.property(walks, (closes) => {
      const parity = replayRecording(aRecording(closes), replayer);
      expect(parity.differences).toEqual([]);
      expect(parity.equal).toBe(closes.length);
    }),
    { numRuns: 25 },
  );
});

test('the session that is corrupted below has traded, and is whole', () => {
  expect(whole.ledger.trades.length).toBeGreaterThan(2);
  const parity = replayRecording(whole, replayer);
  expect(parity).toMatchObject({ evaluations: 50, equal: 50, differences: [] });
  expect(scorePct(parity)).toBe(100);
});

const withBar = (index: number, change: (bar: RecordedBar) => Partial<RecordedBar>): Recording => ({
  ...whole,
  bars: whole.bars.map((bar, i) => (i === index ? { ...bar, ...change(bar) } : bar)),
});
const withCandle = (index: number, change: Partial<Candle>): Recording => ({
  ...whole,
  candles: whole.candles.map((candle, i) => (i === index ? { ...candle, ...change } : candle)),
});
const withFill = (change: Partial<LedgerFill>): Recording => ({
  ...whole,
  ledger: {
    ...whole.ledger,
    fills: whole.ledger.fills.map((fill, i) => (i === 1 ? { ...fill, ...change } : fill)),
  },
});
const firstHeld = whole.bars.findIndex(({ facts }) => (facts?.position ?? null) !== null);
const firstSent = whole.bars.findIndex(({ sent }) => sent);

test.each<[string, Cause, Recording]>([
  ['a candle that was changed', 'data', withCandle(30, { close: price('49999.5') })],
  ['a volume that was changed', 'data', withCandle(30, { volume: qty('1.00001') })],
  ['a candle that is gone', 'data', { ...whole, candles: whole.candles.toSpliced(30, 1) }],
  ['a whole history that is gone', 'data', { ...whole, candles: [] }],
  ['a state that is not told', 'data', withBar(0, () => ({ state: undefined }))],
  ['facts that are not told', 'data', withBar(0, () => ({ facts: undefined }))],
  ['settings that are not told', 'data', withBar(0, () => ({ made: undefined }))],
  ['a bar that nobody judged', 'timing', { ...whole, bars: whole.bars.toSpliced(30, 1) }],
  [
    'a bar that was judged twice',
    'timing',
    { ...whole, bars: whole.bars.flatMap((bar, i) => (i === 30 ? [bar, bar] : [bar])) },
  ],
  [
    'a signal that says that it was decided at another time',
    'timing',
    {
      ...whole,
      signals: new Map(
        [...whole.signals].map(([id, signal]) => [id, { ...signal, decidedAt: epochMs(1) }]),
      ),
    },
  ],
  ['a fill at another price', 'fill', withFill({ price: price('50123') })],
  ['a fill of another size', 'fill', withFill({ quantity: qty('0.00199') })],
  ['another fee', 'fee', withFill({ fee: qty('0.06') })],
  [
    'a position that no fill makes',
    'fill',
    withBar(firstHeld, ({ facts }) =>
      facts?.position === null || facts?.position === undefined
        ? {}
        : { facts: { ...facts, position: { ...facts.position, quantity: qty('0.003') } } },
    ),
  ],
  [
    'an order under way that there never was',
    'fill',
    withBar(firstHeld + 2, () => ({
      facts: { ...(whole.bars[firstHeld]?.facts ?? fail()), pendingOrder: true },
    })),
  ],
  [
    'another version of the strategy',
    'strategy_version',
    withBar(0, () => ({ made: { ...MADE, version: '0.9.0' } })),
  ],
  [
    'a strategy that there is not',
    'strategy_version',
    withBar(0, () => ({ made: { ...MADE, strategy: 'gone' } })),
  ],
  [
    'parameters that it does not take',
    'strategy_version',
    withBar(0, () => ({ made: { ...MADE, params: { period: 1 } } })),
  ],
  [
    'other parameters than its state was made by',
    'strategy_version',
    withBar(20, () => ({ made: { ...MADE, params: { period: 4 } } })),
  ],
  ['windows that are not told', 'windows', withBar(firstSent, () => ({ windows: undefined }))],
  ['gates that say something else', 'unexplained', withBar(30, () => ({ verdict: 'other' }))],
  ['another action', 'unexplained', withBar(firstSent, () => ({ action: 'HOLD' }))],
  ['a signal that the ledger does not have', 'unexplained', { ...whole, signals: new Map() }],
])('%s is found, and called %s', (_, cause, recording) => {
  const parity = replayRecording(recording, replayer);
  expect(parity.differences.map((one) => one.cause)).toContain(cause);
  expect(parity.differences.every(({ detail }) => /^[A-Z].*[.:]/.test(detail))).toBe(true);
});

const fail = (): never => {
  throw new Error('The session holds something at some time');
};

test('one changed candle names its bar first, and the others by what follows from it', () => {
  const { differences } = replayRecording(withCandle(30, { close: price('50700') }), replayer);
  expect(differences[0]).toMatchObject({ at: whole.bars[30]?.at, cause: 'data' });
  expect(new Set(differences.map(({ cause }) => cause))).toEqual(new Set(['data']));
  // From bar 40 on the state is on record again.
  expect(differences.every(({ at }) => at <= (whole.bars[39]?.at ?? 0))).toBe(true);
});

test('other code that decides otherwise is named; other code that decides the same is no difference', () => {
  const other: Replayer = { ...replayer, code: 'newer' };
  expect(replayRecording(whole, other).differences).toEqual([]);
  const otherwise = withBar(30, () => ({ verdict: 'other' }));
  expect(replayRecording(otherwise, other).differences).toMatchObject([{ cause: 'code_version' }]);
});

test('a strategy that now decides otherwise without a new version is not explained away', () => {
  const changed = defineStrategy<object, { seen: number }>({
    id: above.id,
    kind: above.kind,
    version: above.version,
    title: above.title,
    paramsSchema: above.paramsSchema as never,
    needs: () => ({
      timeframe: '1m',
      variants: { '1m': ['SMA_3'] },
      windows: ['TRADE_RATE_60_0'],
      structure: [],
      warmupBars: 0,
    }),
    init: () => ({ seen: 0 }),
    evaluate: () => ({
      wish: null,
      gates: [
        {
          gate: 'never',
          reason: 'no_signal',
          input: false,
          comparison: 'is',
          threshold: true,
          passes: false,
        },
      ],
      view: null,
    }),
  });
  const parity = replayRecording(whole, { ...replayer, strategyById: () => changed });
  expect(parity.equal).toBe(0);
  expect(new Set(parity.differences.map(({ cause }) => cause))).toEqual(new Set(['unexplained']));
});

test('without any evaluation there is no score', () => {
  expect(scorePct(replayRecording({ ...whole, bars: [] }, replayer))).toBeNull();
});
