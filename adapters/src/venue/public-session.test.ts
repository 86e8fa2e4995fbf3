import { createGate } from './public-session.ts';

test('no more than so many works run at once, in the order in which they were asked for', async () => {
  const gate = createGate(2);
  const ended: (() => void)[] = [];
  const started: number[] = [];
  const works = [0, 1, 2, 3].map((n) =>
    gate(async () => {
      started.push(n);
      await new Promise<void>((end) => ended.push(end));
      return n;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  ended[1]?.();
  expect(await works[1]).toBe(1);
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
  for (const n of [0, 2]) ended[n]?.();
  await works[2];
  await Promise.resolve();
  ended[3]?.();
  expect(await Promise.all(works)).toEqual([0, 1, 2, 3]);
});

test('a work that fails makes room for the next', async () => {
  const gate = createGate(1);
  const failing = gate(() => Promise.reject(new Error('no')));
  const next = gate(() => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
