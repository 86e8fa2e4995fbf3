import { price } from '@tradewind/core/lib/units';
import { epochMs } from '@tradewind/core/lib/time';
import { createVerifier } from './verify-candles.ts';
import { at, lineBench } from './testing/line-bench.ts';
import { settle } from './testing/fake-ports.ts';

async function bench() {
  const parts = lineBench();
  await parts.begin(at(0, 30));
  await parts.play(at(3, 30));
  const verifier = createVerifier(parts.ports);
  const own = parts.candles().find(({ openAt }) => openAt === at(0));
  if (own === undefined) throw new Error('there is no such candle');
  const compare = async (change: object): Promise<string> => {
    verifier.offer(parts.line(), { ...own, ...change });
    verifier.tick();
    await settle();
    await settle();
    return (await parts.ports.metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('md_candle_mismatch_total{'))
      .join();
  };
  return { ...parts, compare, own };
}

test("MD-46 a candle with a gap that differs from the venue's own is counted and replaced", async () => {
  const { compare, line } = await bench();
  expect(await compare({})).toBe('');
  const counted = await compare({ high: price('999') });
  expect(counted).toBe('md_candle_mismatch_total{venue="binance",tf="1m"} 1');
  expect(line().pending.candles.at(-1)).toMatchObject({
    openAt: at(0),
    source: 'venue',
    buyVolume: null,
    gapFilled: true,
  });
});

test('MD-46 of whole candles a sample is compared, and one that differs stays', async () => {
  const { compare, line, own } = await bench();
  const before = line().pending.candles.length;
  for (let minute = 0; minute < 30; minute += 1)
    await compare({
      gapFilled: false,
      openAt: epochMs(own.openAt - minute * 60_000),
      high: price('999'),
    });
  expect(await compare({ gapFilled: false })).toBe(
    'md_candle_mismatch_total{venue="binance",tf="1m"} 1',
  );
  expect(line().pending.candles).toHaveLength(before);
});
