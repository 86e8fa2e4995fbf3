import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestContext,
  type RulesTestEnvironment,
} from '@firebase/rules-unit-testing';
import { paths } from '@tradewind/contracts/paths';
import {
  addDoc,
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  setDoc,
  setLogLevel,
  Timestamp,
  updateDoc,
  type Firestore,
} from 'firebase/firestore';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Who asks: nobody signed in, somebody without a role, and the three roles. */
const PEOPLE = ['nobody', 'noRole', 'viewer', 'trader', 'admin'] as const;
type Person = (typeof PEOPLE)[number];

/** Who may read a path. `self` is the signed-in person that the path names, `member` one with a role. */
type Readers = 'none' | 'member' | 'admin' | 'self' | 'selfMember';
const READERS: Readonly<Record<Readers, readonly Person[]>> = {
  none: [],
  member: ['viewer', 'trader', 'admin'],
  admin: ['admin'],
  self: ['noRole', 'viewer', 'trader', 'admin'],
  selfMember: ['viewer', 'trader', 'admin'],
};

/** One row for each path there is: a path without a row does not compile, and fails the first test. */
const TABLE: Readonly<Record<keyof typeof paths, Readers>> = {
  clock: 'member',
  config: 'none',
  user: 'self',
  presence: 'selfMember',
  bots: 'member',
  bot: 'member',
  botVersion: 'member',
  botStatuses: 'member',
  strategyStatuses: 'member',
  strategyStatus: 'member',
  botStatus: 'member',
  strategies: 'member',
  strategy: 'member',
  strategyVersions: 'member',
  strategyVersion: 'member',
  tradingConfigs: 'member',
  tradingConfig: 'member',
  sessions: 'member',
  session: 'member',
  strategyState: 'none',
  parities: 'member',
  parity: 'member',
  markets: 'member',
  market: 'member',
  chunks: 'member',
  chunk: 'member',
  boards: 'member',
  board: 'member',
  dataSessions: 'member',
  dataSession: 'member',
  backtests: 'none',
  usageDays: 'member',
  usageDay: 'member',
  books: 'member',
  book: 'member',
  signals: 'member',
  signal: 'member',
  evaluations: 'member',
  evaluationHour: 'member',
  intents: 'member',
  intent: 'member',
  orderQueue: 'member',
  queuedOrder: 'member',
  orders: 'member',
  order: 'member',
  fills: 'member',
  fill: 'member',
  positions: 'member',
  position: 'member',
  trades: 'member',
  trade: 'member',
  ledger: 'member',
  ledgerEntry: 'member',
  equity: 'member',
  equityCurve: 'member',
  riskState: 'member',
  backups: 'admin',
  backup: 'admin',
  backedUp: 'none',
  balanceState: 'member',
  reconciliations: 'member',
  reconciliation: 'member',
  riskLimits: 'member',
  riskHealth: 'member',
  riskMargin: 'member',
  riskIntegrity: 'member',
  reports: 'member',
  report: 'member',
  budgets: 'member',
  budget: 'member',
  performances: 'member',
  performance: 'member',
  alerts: 'member',
  alert: 'member',
  notifications: 'member',
  notification: 'member',
  auditLog: 'admin',
  audit: 'admin',
  command: 'none',
  commandPace: 'none',
  deadLetters: 'admin',
  deadLetter: 'admin',
  breakers: 'member',
  breaker: 'member',
  lease: 'none',
  heartbeats: 'member',
  heartbeat: 'member',
};
const names = Object.keys(paths) as (keyof typeof paths)[];

/** The path as this person meets it: their own where it names a user. */
function pathOf(name: keyof typeof paths, uid: string): string {
  const path: unknown = paths[name];
  if (typeof path === 'string') return path;
  if (typeof path !== 'function') throw new TypeError(`paths.${name} is text or a function`);
  const names = Array.from({ length: path.length }, (_, i) => (i === 0 ? uid : 'some'));
  return String(Reflect.apply(path, undefined, names));
}
const isCollection = (path: string): boolean => path.split('/').length % 2 === 1;

let rules: RulesTestEnvironment;
beforeAll(async () => {
  // Refusals are what is asked for here; the SDK would print each.
  setLogLevel('silent');
  const [host = '127.0.0.1', port = ''] = (process.env['FIRESTORE_EMULATOR_HOST'] ?? '').split(':');
  if (port === '')
    throw new Error('FIRESTORE_EMULATOR_HOST is not set: run these tests with `npm test`.');
  rules = await initializeTestEnvironment({
    // A project of its own: these tests wipe it, and load the rules for it alone.
    projectId: 'demo-tradewind-rules',
    firestore: {
      host,
      port: Number(port),
      rules: readFileSync(fileURLToPath(new URL('../../firestore.rules', import.meta.url)), 'utf8'),
    },
  });
}, 30_000);
afterAll(() => rules.cleanup());
beforeEach(() => rules.clearFirestore());

/** The SDK that the test environment bundles has the same shape as ours. */
const databaseOf = (context: RulesTestContext): Firestore =>
  context.firestore() as unknown as Firestore;

const databases = new Map<Person, Firestore>();
/** The database as this person sees it; people are their own user id. */
function asPerson(person: Person): Firestore {
  const known = databases.get(person);
  if (known !== undefined) return known;
  const db = databaseOf(
    person === 'nobody'
      ? rules.unauthenticatedContext()
      : rules.authenticatedContext(person, person === 'noRole' ? {} : { role: person }),
  );
  databases.set(person, db);
  return db;
}

/** Writes as the server does, past the rules. */
const asServer = (path: string, data: Record<string, unknown>): Promise<void> =>
  rules.withSecurityRulesDisabled((context) => setDoc(doc(databaseOf(context), path), data));

const profile = {
  email: 'someone@tradewind.local',
  role: 'viewer',
  preferences: {},
  createdAt: Timestamp.fromMillis(0),
};

test('ARC-40 every path has a row that says who may read it', () => {
  expect(Object.keys(TABLE).sort()).toEqual([...names].sort());
});

describe.each(names)('ARC-40 paths.%s', (name) => {
  test.each(PEOPLE)(`is read by ${TABLE[name]} and written by none: %s`, async (person) => {
    const db = asPerson(person);
    const path = pathOf(name, person);
    const verdict = READERS[TABLE[name]].includes(person) ? assertSucceeds : assertFails;
    if (isCollection(path)) {
      await assertFails(addDoc(collection(db, path), { any: 'thing' }));
      await verdict(getDocs(collection(db, path)));
      return;
    }
    const there = doc(db, path);
    await assertFails(setDoc(there, { any: 'thing' }));
    await asServer(path, profile);
    await verdict(getDoc(there));
    await assertFails(setDoc(there, { any: 'thing' }));
    await assertFails(updateDoc(there, { role: 'admin' }));
    // A tab that closes takes its own mark away.
    if (name !== 'presence' || !READERS.selfMember.includes(person))
      await assertFails(deleteDoc(there));
  });
});

describe('a path that nobody named', () => {
  test.each(['secrets/binance', 'books/b/secrets/key', 'books/b/risk/other', 'users/me/notes/n'])(
    '%s is closed, even to an admin',
    async (path) => {
      const db = asPerson('admin');
      await asServer(path, profile);
      await assertFails(getDoc(doc(db, path)));
      await assertFails(setDoc(doc(db, path), profile));
    },
  );

  test('the list of users is closed', async () => {
    await assertFails(getDocs(collection(asPerson('admin'), 'users')));
  });

  test('a role that does not exist opens nothing', async () => {
    const db = databaseOf(rules.authenticatedContext('someone', { role: 'owner' }));
    await assertFails(getDoc(doc(db, paths.clock)));
  });

  test('latency marks can be read by a member and written by nobody', async () => {
    const db = asPerson('viewer');
    await assertSucceeds(getDoc(doc(db, 'probes/p/steps/done')));
    await assertFails(setDoc(doc(db, 'probes/p'), { any: 'thing' }));
    await assertFails(getDoc(doc(asPerson('noRole'), 'probes/p')));
  });
});

describe('ARC-40 preferences', () => {
  const change = async (person: Person, owner: string, fields: Record<string, unknown>) => {
    await asServer(paths.user(owner), profile);
    return updateDoc(doc(asPerson(person), paths.user(owner)), fields);
  };

  test.each([
    { theme: 'dark' },
    { theme: 'light', emailOn: 'critical' },
    { emailOn: 'warnings' },
    {},
  ])('%j are taken from their owner', async (preferences) => {
    await assertSucceeds(change('viewer', 'viewer', { preferences }));
  });

  test.each([
    [{ theme: 'pink' }],
    [{ theme: 7 }],
    [{ emailOn: 'never' }],
    [{ theme: 'dark', role: 'admin' }],
    ['dark'],
    [null],
  ])('%j are refused', async (preferences) => {
    await assertFails(change('viewer', 'viewer', { preferences }));
  });

  test.each([
    { role: 'admin' },
    { preferences: { theme: 'dark' }, role: 'admin' },
    { email: 'other@tradewind.local' },
    { preferences: { theme: 'dark' }, more: 1 },
  ])('%j is refused: the rest of a profile is the server’s', async (fields) => {
    await assertFails(change('admin', 'admin', fields));
  });

  test('of somebody else are refused, and so are those of somebody without a role', async () => {
    const preferences = { theme: 'dark' };
    await assertFails(change('admin', 'viewer', { preferences }));
    await assertFails(change('noRole', 'noRole', { preferences }));
    await assertFails(change('nobody', 'viewer', { preferences }));
  });

  test('somebody else’s profile cannot be read', async () => {
    await asServer(paths.user('viewer'), profile);
    await assertFails(getDoc(doc(asPerson('admin'), paths.user('viewer'))));
  });
});

describe('ARC-40 presence', () => {
  const minutesAhead = (minutes: number): Timestamp =>
    Timestamp.fromMillis(Date.now() + minutes * 60_000);
  const present = { at: minutesAhead(0), expiresAt: minutesAhead(2) };

  test.each(['viewer', 'trader', 'admin'] as const)(
    'a tab of a %s comes, stays and goes',
    async (person) => {
      const tab = doc(asPerson(person), paths.presence(person, 'tab-1'));
      await assertSucceeds(setDoc(tab, present));
      await assertSucceeds(setDoc(tab, { ...present, expiresAt: minutesAhead(3) }));
      await assertSucceeds(getDoc(tab));
      await assertSucceeds(deleteDoc(tab));
    },
  );

  test.each([
    ['without its end', { at: present.at }],
    ['with more than its times', { ...present, more: 1 }],
    ['with text for a time', { ...present, at: 'now' }],
    ['that ends before it begins', { at: present.expiresAt, expiresAt: present.at }],
    ['that lasts for hours', { ...present, expiresAt: minutesAhead(120) }],
  ])('a tab %s is refused', async (_, fields) => {
    await assertFails(setDoc(doc(asPerson('viewer'), paths.presence('viewer', 'tab')), fields));
  });

  test('a tab of somebody else, or with a name of any length, is refused', async () => {
    const db = asPerson('viewer');
    await assertFails(setDoc(doc(db, paths.presence('trader', 'tab')), present));
    await assertFails(getDoc(doc(db, paths.presence('trader', 'tab'))));
    await assertFails(setDoc(doc(db, paths.presence('viewer', 'x'.repeat(65))), present));
  });

  test('somebody without a role leaves no mark', async () => {
    const db = asPerson('noRole');
    await assertFails(setDoc(doc(db, paths.presence('noRole', 'tab')), present));
  });
});
