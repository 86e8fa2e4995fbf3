import { withLease } from '@tradewind/adapters/ledger/lease';
import { leaseDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import type { Query } from 'firebase-admin/firestore';
import { NOW } from './documents.ts';
import { openLedger, type Ledger } from './open-ledger.ts';
import { openMemoryLedger } from './open-memory-ledger.ts';

/** The store in memory, on which the fault lab runs, is held to the very same contract. */
describe.each([
  ['on Firestore', openLedger],
  ['in memory', openMemoryLedger],
])('the ledger %s', (_where, open) => {
  let ledger: Ledger;
  beforeAll(() => {
    ledger = open('ledger', NOW);
  });
  beforeEach(() => ledger.clear());
  afterAll(() => ledger.close());

  const path = (name: string) => paths.lease(name);
  const lease = (token: number) => ({ owner: 'o', token, expiresAt: NOW });
  const tokenOf = async (name: string) => (await ledger.store.get(path(name), leaseDoc))?.token;

  describe('transactions', () => {
    const increment = () =>
      ledger.store.transact(async (tx) => {
        const known = await tx.get(path('counter'), leaseDoc);
        tx.set(path('counter'), leaseDoc, lease((known?.token ?? 0) + 1));
      });

    test('twenty writers of one document at once all count', async () => {
      await Promise.all(Array.from({ length: 20 }, increment));
      expect(await tokenOf('counter')).toBe(20);
    });

    test('what was guarded and has changed makes the body run again', async () => {
      await ledger.store.set(path('flag'), leaseDoc, lease(1));
      let runs = 0;
      await ledger.store.transact(async (tx) => {
        runs += 1;
        const flag = await tx.get(path('flag'), leaseDoc);
        if (runs === 1) await ledger.store.set(path('flag'), leaseDoc, lease(2));
        tx.guard(path('flag'));
        tx.set(path('copy'), leaseDoc, lease(flag?.token ?? 0));
      });
      expect([runs, await tokenOf('copy'), await tokenOf('flag')]).toEqual([2, 2, 2]);
    });

    test('a conclusion from documents that did not exist together is drawn again', async () => {
      await ledger.store.set(path('a'), leaseDoc, lease(1));
      await ledger.store.set(path('b'), leaseDoc, lease(1));
      let runs = 0;
      const sum = await ledger.store.transact(async (tx) => {
        runs += 1;
        const a = await tx.get(path('a'), leaseDoc);
        if (runs === 1) {
          await ledger.store.set(path('a'), leaseDoc, lease(2));
          await ledger.store.set(path('b'), leaseDoc, lease(2));
        }
        const b = await tx.get(path('b'), leaseDoc);
        if (a?.token !== b?.token) throw new Error('torn');
        return (a?.token ?? 0) + (b?.token ?? 0);
      });
      expect([runs, sum]).toEqual([2, 4]);
    });

    test('what a second look found changed is not written over by what the first one led to', async () => {
      await ledger.store.set(path('twice'), leaseDoc, lease(1));
      const all = ledger.store.firestore.collection('leases');
      let runs = 0;
      await ledger.store.transact(async (tx) => {
        runs += 1;
        const first = await tx.get(path('twice'), leaseDoc);
        if (runs === 1) await ledger.store.set(path('twice'), leaseDoc, lease(10));
        await tx.query(all, leaseDoc);
        tx.set(path('twice'), leaseDoc, lease((first?.token ?? 0) + 1));
      });
      expect([runs, await tokenOf('twice')]).toEqual([2, 11]);
    });

    test('what is to be removed is removed only as it was read', async () => {
      await ledger.store.set(path('old'), leaseDoc, lease(1));
      const seen: (number | undefined)[] = [];
      await ledger.store.transact(async (tx) => {
        const old = await tx.get(path('old'), leaseDoc);
        if (seen.push(old?.token) === 1) await ledger.store.set(path('old'), leaseDoc, lease(2));
        tx.remove(path('old'));
      });
      expect([seen, await tokenOf('old')]).toEqual([[1, 2], undefined]);
    });

    test('an error of the body is thrown and nothing is written', async () => {
      const failing = ledger.store.transact(async (tx) => {
        tx.set(path('never'), leaseDoc, lease(1));
        await Promise.reject(new Error('no'));
      });
      await expect(failing).rejects.toThrow('no');
      expect(await tokenOf('never')).toBeUndefined();
    });

    test('creating what exists, without having looked, is an error and no conflict', async () => {
      await ledger.store.set(path('there'), leaseDoc, lease(1));
      const creating = ledger.store.transact(async (tx) => {
        tx.create(path('there'), leaseDoc, lease(2));
        await Promise.resolve();
      });
      await expect(creating).rejects.toThrow(/ALREADY_EXISTS/);
    });
  });

  describe('leases', () => {
    const take = <T>(body: () => Promise<T>, ms = 1_000) =>
      withLease(
        ledger.store,
        { name: 'gate', owner: 'p', ms, clock: ledger.clock },
        async (held) => ({ token: held.token, value: await body() }),
      );

    test('of many at once one holds it, and it is free afterwards', async () => {
      let holders = 0;
      const results = await Promise.all(
        Array.from({ length: 8 }, () =>
          take(async () => {
            holders += 1;
            expect(await take(async () => undefined)).toMatchObject({ held: false });
          }),
        ),
      );
      expect(holders).toBe(results.filter(({ held }) => held).length);
      expect(await take(async () => 'free')).toMatchObject({ held: true });
    });

    test('a body that throws releases it; each holder has a larger token', async () => {
      await expect(take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      const next = await take(async () => undefined);
      expect(next).toMatchObject({ held: true, value: { token: 2 } });
    });

    test('a holder beyond its term loses it to the next one and may not renew', async () => {
      const request = { name: 'gate', owner: 'p', ms: 1_000, clock: ledger.clock };
      await withLease(ledger.store, request, async ({ renew }) => {
        expect(await renew()).toBe(true);
        ledger.pass(1_001);
        expect(await take(async () => 'mine now')).toMatchObject({ held: true });
        expect(await renew()).toBe(false);
      });
      const left = await ledger.store.get(path('gate'), leaseDoc);
      expect(left).toMatchObject({ token: 2, expiresAt: epochMs(0) });
    });
  });

  describe('queries', () => {
    const put = (name: string, token: number, expiresAt = NOW) =>
      ledger.store.set(path(name), leaseDoc, { owner: name, token, expiresAt });
    const owners = async (query: Query) =>
      (await ledger.store.query(query, leaseDoc)).map(({ owner }) => owner);

    test('filter by value and by list, sort, and stop at their limit', async () => {
      await put('b', 2);
      await put('a', 2, epochMs(NOW + 5));
      await put('c', 1, epochMs(NOW + 9));
      const all = ledger.store.firestore.collection('leases');
      expect(await owners(all)).toEqual(['a', 'b', 'c']);
      expect(await owners(all.where('token', '==', 2))).toEqual(['a', 'b']);
      expect(await owners(all.where('owner', 'in', ['c', 'b']))).toEqual(['b', 'c']);
      expect(await owners(all.orderBy('expiresAt', 'desc').limit(2))).toEqual(['c', 'a']);
      expect(await owners(all.where('token', '>', 2))).toEqual([]);
    });

    test('inside a transaction their documents are guarded like any that was read', async () => {
      await put('a', 1);
      let runs = 0;
      await ledger.store.transact(async (tx) => {
        runs += 1;
        const all = ledger.store.firestore.collection('leases');
        const [first] = await tx.query(all, leaseDoc);
        if (runs === 1) await put('a', 5);
        tx.set(path('a'), leaseDoc, lease((first?.token ?? 0) + 1));
      });
      expect([runs, await tokenOf('a')]).toEqual([2, 6]);
    });

    test('creating says whether it was there before', async () => {
      const create = () => ledger.store.create(path('once'), leaseDoc, lease(1));
      expect([await create(), await create()]).toEqual([true, false]);
    });
  });
});
