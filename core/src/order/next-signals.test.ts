import { epochMs } from '../lib/time.ts';
import { nextSignals } from './next-signals.ts';

type Action = 'ENTER' | 'EXIT';
const signal = (strategyId: string, at: number, action: Action = 'ENTER') => ({
  signalId: `${strategyId}-${at}`,
  strategyId,
  action,
  createdAt: epochMs(at),
});
const storm = Array.from({ length: 500 }, (_, n) => signal('rogue', n));
const chosen = (pending: Parameters<typeof nextSignals>[0], limit: number) =>
  nextSignals(pending, limit).map(({ signalId }) => signalId);

test('all that fit are decided oldest first, whoever they belong to', () => {
  expect(chosen([signal('b', 3), signal('a', 1), signal('a', 2, 'EXIT')], 3)).toEqual([
    ...['a-1', 'a-2', 'b-3'],
  ]);
});

test('RSK-67 an exit does not wait behind a storm of entries', () => {
  const found = chosen([...storm, signal('calm', 900, 'EXIT')], 100);
  expect(found).toHaveLength(100);
  expect(found.at(-1)).toBe('calm-900');
});

test('RSK-67 a storm delays its own strategy, and each of the others has its turn', () => {
  const others = ['a', 'b'].flatMap((id) => [signal(id, 900), signal(id, 901)]);
  const found = chosen([...storm, ...others], 6);
  expect(found).toEqual(['rogue-0', 'rogue-1', 'a-900', 'b-900', 'a-901', 'b-901']);
});

test('signals of the same millisecond are told apart by their ids', () => {
  expect(chosen([signal('b', 1), signal('a', 1)], 1)).toEqual(['a-1']);
});
