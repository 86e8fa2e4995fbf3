import { measureSoak } from '../../benchmarks/soak.ts';

test('MD-04 MD-85 a worker under a steady load of a hundred markets loses no trade', async () => {
  const said: string[] = [];
  const { figures } = await measureSoak({ minutes: 0.5, symbols: 100, rate: 50 }, (text) => {
    said.push(text);
  });
  expect({ lost: figures.ticksLost, said }).toEqual({ lost: 0, said });
  expect(figures.ticksIn).toBeGreaterThan(100 * 50 * 20);
}, 420_000);
