import { randomUUID } from 'node:crypto';
import { loadClock, wallNow } from '@tradewind/adapters/clock/clock';
import { parseEnvironment, tellable } from '@tradewind/adapters/config/environment';
import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import { createQueue } from '@tradewind/adapters/queue/create-queue';
import { openApp } from '@tradewind/adapters/queue/open-app';
import { jsonLog } from '@tradewind/adapters/telemetry/log';
import type { Lane } from '@tradewind/adapters/resilience/guard-venue';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { assertTradable } from '@tradewind/adapters/venue/venue-choice';
import { accountName, bookMarket, type BookDoc } from '@tradewind/contracts/documents/book';
import { getFirestore } from 'firebase-admin/firestore';
import { binanceApiKey, binanceApiSecret } from './options.ts';

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** This process's settings, parsed when first needed; all faults of the environment in one error. */
export const environment = once(() => {
  // PORT is the runtime's own: the emulator puts a socket's path there.
  const settings = parseEnvironment({ ...process.env, PORT: undefined });
  log().info('settings', tellable(settings));
  return settings;
});

/** The ledger; initialises Firebase once per instance. */
export const store = once((): Store => {
  return createStore(getFirestore(openApp(environment())));
});

const queue = once(() => {
  return createQueue(store().usage);
});

export const log = once(() => jsonLog(process.env['FUNCTION_TARGET'] ?? 'functions'));

/** The venue's module holds ccxt: it is loaded only where something trades. */
export const loadVenueModule = once(() => import('@tradewind/adapters/venue/create-venue'));

function secret(name: string, value: string): string {
  if (value === '')
    throw new Error(
      `${name} is not set: nothing can trade. Set it with \`firebase functions:secrets:set ${name}\`.`,
    );
  return value;
}

const venues = new Map<string, Promise<Venue>>();

const guardOf = (name: string) =>
  createAccountGuard(
    {
      store: store(),
      queue: queue(),
      log: log(),
      clock: { wallNow },
      breakerOpenMs: environment().breakerOpenMs,
      callsPerSecond: environment().callsPerSecond,
    },
    { name, process: 'functions' },
  );
const guards = new Map<string, ReturnType<typeof guardOf>>();

/** What stands before every client of this instance to an account. */
function guarded(name: string): ReturnType<typeof guardOf> {
  const guard = guards.get(name) ?? guardOf(name);
  guards.set(name, guard);
  return guard;
}

async function openVenue(
  book: BookDoc,
  sandboxPort: number | undefined,
  lane: Lane,
): Promise<Venue> {
  const { createVenue } = await loadVenueModule();
  const account = createVenue({
    venue: 'binance',
    market: bookMarket(book),
    apiKey: secret('BINANCE_API_KEY', binanceApiKey.value()),
    apiSecret: secret('BINANCE_API_SECRET', binanceApiSecret.value()),
    ...(sandboxPort === undefined ? {} : { sandboxPort }),
    clock: { wallNow },
  });
  return guarded(accountName(book))(account, lane);
}

/**
 * The account that `book` trades on; one client per instance, account and lane. What is urgent has clients of
 * its own, which no bulk read keeps busy.
 *
 * @throws Error when the book's venue is not supported, or a paper book has no sandbox.
 */
async function venueOf(book: BookDoc, lane: Lane): Promise<Venue> {
  const { sandboxPort } = environment();
  assertTradable(book, sandboxPort);
  const key = `${accountName(book)} ${lane}`;
  const opened = venues.get(key) ?? openVenue(book, sandboxPort, lane);
  venues.set(key, opened);
  // A failed start must not be remembered: the next call tries again.
  opened.catch(() => venues.delete(key));
  return opened;
}

/** Names this instance in leases and claims. */
const actor = once(() => `${process.env['FUNCTION_TARGET'] ?? 'functions'}-${randomUUID()}`);

/** What the use cases need, with the market's clock as it stands now. */
export async function ports(): Promise<ExecutionPorts> {
  const { claimLeaseMs, gateLeaseMs, priceMaxAgeMs, breakerOpenMs, lostAfterMs } = environment();
  return {
    store: store(),
    queue: queue(),
    clock: await loadClock(store()),
    log: log(),
    venueOf: (book) => venueOf(book, 'normal'),
    urgentVenueOf: (book) => venueOf(book, 'urgent'),
    actor: actor(),
    settings: { claimLeaseMs, gateLeaseMs, priceMaxAgeMs, breakerOpenMs, lostAfterMs },
  };
}
