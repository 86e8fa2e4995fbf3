import { readFileSync } from 'node:fs';
import { fiveSection } from './five-section.ts';

/** The JSON of the page that people copy. */
function example(): object {
  const page = new URL('../../../../docs/strategies/five-section.md', import.meta.url);
  const [, json = ''] = /```json\n(.*?)\n```/s.exec(readFileSync(page, 'utf8')) ?? [];
  return JSON.parse(json) as object;
}

test('the example of its page is well formed, needs only bars, and may run on real money', () => {
  const result = fiveSection.prepare(example());
  if (!result.ok) throw new Error(result.error);
  expect(result.value.needs).toMatchObject({ timeframe: '5m', windows: [] });
  expect(result.value.needs.variants['5m']).toEqual([
    'BB_20_2',
    'ADX_14',
    'RSI_14',
    'RSI_7',
    'ATR_PCT_14_20',
  ]);
  expect(result.value.liveFaults).toEqual([]);
});
