import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFINITIONS } from '@tradewind/core/backtest/definitions';
import { candlesCsv, runTw, type Outcome } from './testing.ts';

const TIMEOUT_MS = 180_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-backtest-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const tw = (...args: readonly string[]): Promise<Outcome> => runTw(folder, args);
/** The one object that `--json` prints. */
const json = async (...args: readonly string[]) => {
  const { out } = await tw(...args, '--json');
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
};
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test(
  'a strategy is tested, reported and kept; kept ones are listed, shown and compared',
  async () => {
    const data = `BTC-USDT=${file('c.csv', candlesCsv(1_500))}`;
    const first = await tw(
      'backtest',
      'sma-cross',
      '--data',
      data,
      '--html',
      'r.html',
      '--markdown',
      'r.md',
      '--name',
      'A <b>|name',
    );
    expect(first.err).toBe('');
    expect(first.code).toBe(0);
    expect(first.out).toContain('SIMULATED. A <b>|name on BTC-USDT');
    const page = read('r.html');
    const text = read('r.md');
    for (const { name, definition } of Object.values(DEFINITIONS)) {
      expect(first.out).toContain(name);
      expect(text).toContain(`| ${name} |`);
      expect(text).toContain(definition);
      expect(page).toContain(`<th scope="row">${name.replaceAll('&', '&amp;')}</th>`);
    }
    expect(page).toContain('A &lt;b&gt;|name');
    expect(page).not.toContain('A <b>|name');
    expect(text).toContain('A <b>|name: backtest');

    const second = await json('backtest', 'sma-cross', '--data', data, '--params', '{"fast": 5}');
    expect(second).toMatchObject({ ok: true, symbols: ['BTC-USDT'], bars: 1_500, quote: 'USDT' });
    const { backtests } = await json('backtest', 'list');
    const ids = (backtests as { readonly id: string }[]).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(second['id']);
    expect((await tw('backtest', 'list')).out).toContain(ids[0]?.slice(0, 8));
    expect((await tw('backtest', 'show', ids[1] ?? '')).out).toContain('A <b>|name');
    const compared = await tw('backtest', 'compare', ...ids);
    expect(compared.out).toContain('strategies.0.strategy.params.fast');
    expect(
      readdirSync(join(folder, 'backtests')).filter((name) => name.endsWith('.trades.csv')),
    ).toHaveLength(2);
  },
  TIMEOUT_MS,
);

test(
  'used wrongly, a person and a program are told the same, without a stack',
  async () => {
    const { code, out, err } = await tw('backtest', 'sma-cros', '--data', 'c.csv');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('There is no strategy "sma-cros"');
    expect(err).not.toContain('    at ');
    expect(await json('backtest', 'show', '3f9c')).toMatchObject({ ok: false });
    expect(existsSync(join(folder, 'backtests'))).toBe(false);
  },
  TIMEOUT_MS,
);
