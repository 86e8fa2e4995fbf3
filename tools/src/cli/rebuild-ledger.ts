import { loadClock, wallNow } from '@tradewind/adapters/clock/clock';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { rebuildLedger, type RebuildReport } from '@tradewind/adapters/reconcile/rebuild-ledger';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { assertTradable } from '@tradewind/adapters/venue/venue-choice';
import { bookMarket, type BookDoc } from '@tradewind/contracts/documents/book';
import { formatDecimal } from '@tradewind/core/lib/units';
import { ensureSecrets } from '../desk/secrets.ts';
import { Fault } from '../lib/fault.ts';
import { portsAt } from '../lib/ports.ts';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';

export type RebuildOptions = {
  readonly bookId: string;
  readonly daysBack: number;
  readonly dryRun: boolean;
  /** Name of the backup; the same one again goes on with a rebuild that was cut short. */
  readonly backupId: string;
};

/** Keys of the account in the cloud. @throws Fault when the environment has none. */
function cloudKeys(env: Readonly<Record<string, string | undefined>>) {
  const { BINANCE_API_KEY: apiKey = '', BINANCE_API_SECRET: apiSecret = '' } = env;
  if (apiKey === '' || apiSecret === '')
    throw new Fault(
      'A rebuild reads the fills of the account: set BINANCE_API_KEY and BINANCE_API_SECRET.',
    );
  return { apiKey, apiSecret };
}

/** The ledger and the account of a desk, for a person at this machine. */
async function openPorts(
  target: Target,
  root: string,
): Promise<{ readonly ports: ExecutionPorts; readonly close: () => Promise<void> }> {
  const { store } = await connect(target);
  const isLocal = target.project === undefined;
  const sandboxPort = isLocal ? portsAt(target.portOffset).sandbox : undefined;
  let venue: Venue | undefined;
  const open = (book: BookDoc): Venue => {
    const secrets = isLocal ? ensureSecrets(root) : null;
    const keys =
      secrets === null
        ? cloudKeys(process.env)
        : { apiKey: secrets.BINANCE_API_KEY, apiSecret: secrets.BINANCE_API_SECRET };
    const redirect = sandboxPort === undefined ? {} : { sandboxPort };
    const market = bookMarket(book);
    return createVenue({ venue: 'binance', market, ...keys, ...redirect, clock: { wallNow } });
  };
  const ports: ExecutionPorts = {
    store,
    queue: {
      enqueue: (name) => Promise.reject(new Error(`Invariant: a rebuild enqueues no ${name}`)),
    },
    clock: await loadClock(store),
    log: silentLog,
    venueOf: (book) => {
      assertTradable(book, sandboxPort);
      return Promise.resolve((venue ??= open(book)));
    },
    actor: 'tw',
    settings: { claimLeaseMs: 30_000, gateLeaseMs: 15_000, priceMaxAgeMs: 300_000 },
  };
  return { ports, close: () => venue?.close() ?? Promise.resolve() };
}

/** Builds a book anew from the venue's fills, or tells what that would change (EXE-63). */
export async function rebuildFrom(
  ports: ExecutionPorts,
  { bookId, daysBack, dryRun, backupId }: RebuildOptions,
): Promise<Answer> {
  const result = await rebuildLedger(ports, { bookId, backupId, daysBack, dryRun });
  return result.ok
    ? { ok: true, text: textOf(bookId, result.value), data: dataOf(result.value) }
    : {
        ok: false,
        text: `${bookId} was not rebuilt: ${result.error}`,
        data: { error: result.error },
      };
}

/** The same, on the desk that `target` names. @throws Fault when it is not there. */
export async function rebuildBook(
  target: Target,
  options: RebuildOptions & { readonly root: string },
): Promise<Answer> {
  const { ports, close } = await openPorts(target, options.root);
  try {
    return await rebuildFrom(ports, options);
  } finally {
    await close();
  }
}

function textOf(bookId: string, report: RebuildReport): string {
  const { fills, cash, realizedPnl, quarantined, imported, backupId } = report;
  const change = ({ before, after }: RebuildReport['cash']): string =>
    before === after
      ? `stays ${formatDecimal(after)}`
      : `${formatDecimal(before)} becomes ${formatDecimal(after)}`;
  return [
    backupId === null
      ? `${bookId} would be rebuilt from ${fills} fills; nothing was changed.`
      : `${bookId} was rebuilt from ${fills} fills. The old book is kept as backup ${backupId}.`,
    `  cash          ${change(cash)}`,
    `  realised P&L  ${change(realizedPnl)}`,
    ...quarantined.map((fill) => `  set aside     ${fill}`),
    ...imported.map((fill) => `  imported      ${fill}`),
  ].join('\n');
}

const dataOf = ({ cash, realizedPnl, ...report }: RebuildReport): Answer['data'] => ({
  ...report,
  cash: { before: formatDecimal(cash.before), after: formatDecimal(cash.after) },
  realizedPnl: {
    before: formatDecimal(realizedPnl.before),
    after: formatDecimal(realizedPnl.after),
  },
});
