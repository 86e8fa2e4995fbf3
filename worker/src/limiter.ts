/** Runs at most `limit` works at a time; the urgent ones first, then in the order they were asked for. */
export function createLimiter(limit: number) {
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  const next = (): void => {
    if (running >= limit) return;
    const start = urgent.shift() ?? waiting.shift();
    if (start === undefined) return;
    running += 1;
    start();
  };
  return async <R>(work: () => Promise<R>, isUrgent: boolean): Promise<R> => {
    await new Promise<void>((start) => {
      (isUrgent ? urgent : waiting).push(start);
      next();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      next();
    }
  };
}
export type Limiter = ReturnType<typeof createLimiter>;
