import { createSandbox } from './create-sandbox.ts';
import { inspectFile } from './feeds/file-feed.ts';
import { parseSettings, type Settings } from './settings.ts';

/** Prints what a recording holds, for those who must know its span before they replay it. */
async function inspect({ inspect: feed, symbol, market }: Settings & { inspect: string }) {
  const path = feed.replace(/^file:/, '');
  const found = await inspectFile({ path, market, ...(symbol === undefined ? {} : { symbol }) });
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

/** Listens until SIGTERM or SIGINT, then saves and exits with 0. */
async function serve(chosen: Settings): Promise<void> {
  const sandbox = await createSandbox({
    port: chosen.port,
    symbols: chosen.symbols,
    feed: chosen.feed,
    seed: chosen.seed,
    apiKey: chosen['api-key'],
    apiSecret: chosen['api-secret'],
    initial: chosen.initial,
    futuresWallet: chosen.futures,
    market: chosen.market,
    ...(chosen.clock === undefined ? {} : { clock: chosen.clock }),
    ...(chosen.state === undefined ? {} : { stateFile: chosen.state }),
    ...(chosen.symbol === undefined ? {} : { symbol: chosen.symbol }),
    ...(chosen['kept-trades'] === undefined ? {} : { keptTrades: chosen['kept-trades'] }),
    ...(chosen.latency === undefined ? {} : { config: { latencyMs: chosen.latency } }),
  });
  process.stdout.write(`${JSON.stringify({ listening: sandbox.port })}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => {
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  const chosen = parseSettings(process.argv.slice(2));
  await (chosen.inspect === undefined
    ? serve(chosen)
    : inspect({ ...chosen, inspect: chosen.inspect }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
