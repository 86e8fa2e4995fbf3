import type { Store } from '@tradewind/adapters/ledger/store';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { userDoc, type Role } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { dayStart, type EpochMs } from '@tradewind/core/lib/time';
import { money, ZERO_MONEY } from '@tradewind/core/lib/units';
import type { Origin } from '@tradewind/core/market/market';
import type { Auth } from 'firebase-admin/auth';
import { seedBots } from './seed-bots.ts';

/** Everybody's password on the local desk; the auth emulator is reachable from this machine only. */
export const PASSWORD = 'tradewind';
export const BOOK = 'paper';
/** Quote currency that the sandbox's account and the paper book begin with. */
export const INITIAL_BALANCE = '10000';

const ROLES: readonly Role[] = ['admin', 'trader', 'viewer'];

/** Address of the local desk's user with `role`. */
export const emailOf = (role: Role): string => `${role}@tradewind.local`;

async function seedUsers(auth: Auth, store: Store, now: EpochMs): Promise<void> {
  for (const role of ROLES) {
    const email = emailOf(role);
    const user = await auth.createUser({ email, password: PASSWORD, emailVerified: true });
    await auth.setCustomUserClaims(user.uid, { role });
    await store.set(paths.user(user.uid), userDoc, {
      email,
      role,
      preferences: {},
      createdAt: now,
    });
  }
}

type Seed = {
  /** What the paper book trades. */
  readonly market: 'spot' | 'futures';
  readonly markets: readonly MarketDoc[];
  readonly origin: Origin;
  /** Market clock. */
  readonly now: EpochMs;
};

async function seedBook(
  store: Store,
  { market, origin, now }: Pick<Seed, 'market' | 'origin' | 'now'>,
): Promise<void> {
  const opening = money(INITIAL_BALANCE);
  await store.set(paths.book(BOOK), bookDoc, {
    bookId: BOOK,
    name: 'Paper',
    mode: 'paper',
    venue: 'binance',
    market,
    quote: 'USDT',
    status: 'RUNNING',
    origin,
    initialBalance: opening,
    cash: opening,
    realizedPnl: ZERO_MONEY,
    fees: ZERO_MONEY,
    roundTrips: 0,
    winningTrades: 0,
    dust: {},
    createdAt: now,
    updatedAt: now,
  });
  await store.set(paths.riskState(BOOK), riskStateDoc, {
    executionEnabled: true,
    emergencyStop: false,
    emergencyStopAt: null,
    emergencyStopBy: null,
    lastResetAt: null,
    dayAt: dayStart(now),
    openingEquity: opening,
    peakEquity: opening,
    equity: opening,
    equityAt: now,
    recentOrders: [],
    symbolEntries: {},
    tradesToday: 0,
    symbols: {},
    traders: {},
    ladder: 'none',
    healthStop: false,
    cryptoPhase: null,
    updatedAt: now,
  });
}

/** What a new desk holds: three users, a running paper book, its markets and three bots. */
export async function seedDesk(
  { store, auth }: { readonly store: Store; readonly auth: Auth },
  seed: Seed,
): Promise<void> {
  await seedUsers(auth, store, seed.now);
  await seedBook(store, seed);
  for (const market of seed.markets)
    await store.set(paths.market(market.marketKey), marketDoc, market);
  for (const bot of seedBots(seed.markets, seed.now))
    await store.set(paths.bot(bot.botId), botDoc, bot);
}
