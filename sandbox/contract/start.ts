import { money, qty } from '@tradewind/core/lib/units';
import { createSandbox, type Sandbox } from '../src/create-sandbox.ts';

export const KEY = 'test-key-0123456789';
export const SECRET = 'test-secret-0123456789';
export const SYMBOLS = ['BTC-USDT', 'ETH-USDT'];

/** A sandbox in this process whose market is told its trades, with ways to speak to its admin. */
export async function startSandbox(symbols: readonly string[] = SYMBOLS, port = 0) {
  const sandbox: Sandbox = await createSandbox({
    port,
    symbols,
    feed: 'push',
    seed: 7,
    apiKey: KEY,
    apiSecret: SECRET,
    initial: { USDT: qty('10000') },
    futuresWallet: money('10000'),
    config: { latencyMs: { min: 0, max: 0 } },
  });
  const admin = async (method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> => {
    const reply = await fetch(`http://127.0.0.1:${sandbox.port}/admin/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  };
  return {
    sandbox,
    admin,
    /** Prints trades of the sandbox's market, now. */
    trade: (...prices: readonly (readonly [symbol: string, price: string])[]) =>
      admin('POST', 'trades', {
        trades: prices.map(([symbol, price]) => ({
          symbol,
          price,
          size: '0.5',
          side: 'buy',
          at: Date.now(),
        })),
      }),
  };
}
