import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strategyById } from '@tradewind/strategies/registry';
import { chosenBy } from './chosen-by.ts';
import { keepOptimisation } from './store.ts';
import { aSeries, BEGIN } from './testing/market.ts';

const before = process.env['TRADEWIND_OPTIMISATIONS'];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-chosen-'));
  process.env['TRADEWIND_OPTIMISATIONS'] = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.env['TRADEWIND_OPTIMISATIONS'] = before ?? '';
});

const MINUTE = 60_000;
const definition = strategyById('sma-cross');
if (definition === undefined) throw new Error('Invariant: sma-cross is built in');
const series = [aSeries(100)];
const END = BEGIN + 99 * MINUTE;

const keep = (id: string, kind: 'search' | 'walk-forward', data: object): void => {
  keepOptimisation({
    schemaVersion: 1,
    id,
    kind,
    title: '',
    headline: '',
    createdAt: 0,
    codeVersion: '',
    text: '',
    data: JSON.parse(
      JSON.stringify({ strategy: { id: 'sma-cross' }, search: { base: {} }, ...data }),
    ) as Parameters<typeof keepOptimisation>[0]['data'],
  });
};
const market = (from: number, to: number, marketKey = 'binance_spot_BTC-USDT') => ({
  marketKey,
  from,
  to,
});
const all = [{ values: { fast: 5, slow: 20 } }, { values: { fast: 10, slow: 30 } }];
const chosen = (params: object) => chosenBy({ definition, params }, series);

test('parameters that no kept search tried were given, not chosen', () => {
  keep('a', 'search', { all, markets: [market(BEGIN, END)] });
  keep('b', 'search', { strategy: { id: 'weighted' }, all, markets: [market(BEGIN, END)] });
  expect(chosen({ fast: 6, slow: 20 })).toBeNull();
  // Of the same values, but on other bars: another strategy.
  expect(chosen({ fast: 5, slow: 20, timeframe: '1h' })).toBeNull();
});

test('a search that tried them counts with all that it tried, defaults written out or not', () => {
  keep('a', 'search', { all, markets: [market(BEGIN, END)], verdict: 'luck' });
  const selection = { tried: 2, isInSample: true, verdict: 'luck' };
  expect(chosen({ fast: 5, slow: 20 })).toEqual(selection);
  // 10 and 30 are the defaults.
  expect(chosen({})).toEqual(selection);
});

test('several searches that tried them are one search of as many', () => {
  keep('a', 'search', { all, markets: [market(0, 1)] });
  keep('b', 'search', { all: all.slice(0, 1), markets: [market(BEGIN, END)] });
  expect(chosen({ fast: 5, slow: 20 })).toEqual({ tried: 3, isInSample: true, verdict: null });
});

test.each([
  ['the same bars', market(BEGIN, END), true],
  ['the last of them', market(END, END + MINUTE), true],
  ['bars before them', market(0, BEGIN - MINUTE), false],
  ['bars after them', market(END + MINUTE, END + 2 * MINUTE), false],
  ['another symbol', market(BEGIN, END, 'binance_spot_ETH-USDT'), false],
  ['its future, which moves alike', market(BEGIN, END, 'binance_futures_BTC-USDT'), true],
])('searched on %s (STR-93)', (_, searched, isInSample) => {
  keep('a', 'search', { all, markets: [searched] });
  expect(chosen({ fast: 5, slow: 20 })).toMatchObject({ isInSample });
});

test('of a walk forward the tries of all its windows count, and only the chosen window was seen', () => {
  const markets = [market(0, END)];
  const values = { fast: 5, slow: 20 };
  const early = { from: 0, cut: BEGIN - MINUTE, tried: 4, values };
  const late = { from: BEGIN, cut: END, tried: 4, values: { fast: 7, slow: 20 } };
  keep('a', 'walk-forward', { markets, forwards: [early, late, { ...late, values: null }] });
  expect(chosen(values)).toEqual({ tried: 12, isInSample: false, verdict: null });
  expect(chosen(late.values)).toMatchObject({ tried: 12, isInSample: true });
});
