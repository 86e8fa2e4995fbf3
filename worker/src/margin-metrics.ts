import { Gauge, type Registry } from 'prom-client';

/** Margin health of the futures that books hold: what nobody knows any more is not told. */
export function createMarginMetrics(registers: Registry[]) {
  const gauge = new Gauge({
    name: 'trading_margin_health',
    help: 'Share of the margin that is left before the venue liquidates: 1 = fresh, 0 = liquidation',
    labelNames: ['symbol'],
    registers,
  });
  const books = new Map<string, ReadonlyMap<string, number>>();
  const show = (): void => {
    gauge.reset();
    const worst = new Map<string, number>();
    for (const healths of books.values())
      for (const [symbol, health] of healths)
        worst.set(symbol, Math.min(health, worst.get(symbol) ?? Infinity));
    for (const [symbol, health] of worst) gauge.labels(symbol).set(health);
  };
  return {
    /** Health by symbol of all that a book holds; of two books the worse one is told. */
    tell: (bookId: string, healths: ReadonlyMap<string, number>): void => {
      books.set(bookId, healths);
      show();
    },
    /** This process looks after no book any more. */
    clear: (): void => {
      books.clear();
      show();
    },
  };
}
