import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertSameDesk, deskPaths, forgetDesk, readDeskRecord, saveDesk } from './desk-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tw-desk-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const record = {
  ...{ feed: 'sandbox', symbols: ['BTC-USDT'], marketAt: null, savedAt: 5 },
  market: 'spot' as const,
};

async function save(ledger = 'ledger', balances = 'balances'): Promise<void> {
  writeFileSync(deskPaths(folder).sandbox, balances);
  await saveDesk(folder, record, {
    exportLedger: (path) => {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'data'), ledger);
      return Promise.resolve();
    },
    stopSandbox: () => Promise.resolve(),
  });
}

test('a new folder has no desk', () => {
  expect(readDeskRecord(folder)).toBeUndefined();
});

test('ledger and sandbox are kept together, and both come back', async () => {
  await save();
  writeFileSync(deskPaths(folder).sandbox, 'ran ahead and was killed');
  expect(readDeskRecord(folder)).toEqual({ version: 2, ...record });
  expect(readFileSync(deskPaths(folder).sandbox, 'utf8')).toBe('balances');
  expect(readFileSync(join(deskPaths(folder).savedData, 'data'), 'utf8')).toBe('ledger');
});

test('a save that breaks down leaves the former one whole', async () => {
  await save('first');
  const broken = saveDesk(folder, record, {
    exportLedger: () => Promise.reject(new Error('disk full')),
    stopSandbox: () => Promise.resolve(),
  });
  await expect(broken).rejects.toThrow('disk full');
  expect(readDeskRecord(folder)).toBeDefined();
  expect(readFileSync(join(deskPaths(folder).savedData, 'data'), 'utf8')).toBe('first');
});

test('a damaged record is refused with the way out', async () => {
  await save();
  writeFileSync(join(deskPaths(folder).saved, 'desk.json'), '{');
  expect(() => readDeskRecord(folder)).toThrow(/--fresh/);
});

test('a desk of an earlier release is told from a damaged one', async () => {
  await save();
  const path = join(deskPaths(folder).saved, 'desk.json');
  writeFileSync(path, JSON.stringify({ version: 1, ...record }));
  expect(() => readDeskRecord(folder)).toThrow(/earlier release.*\n.*--fresh/);
});

test('another feed or other symbols do not go on with a ledger that was made with these', () => {
  const left = { version: 2 as const, ...record };
  expect(() => {
    assertSameDesk(left, { ...record, feed: 'live:binance' });
  }).toThrow(/made with --feed sandbox/);
  expect(() => {
    assertSameDesk(left, { ...record, symbols: ['ETH-USDT'] });
  }).toThrow(/trades BTC-USDT, not ETH-USDT/);
  expect(() => {
    assertSameDesk(left, { ...record, market: 'futures' });
  }).toThrow(/made with --market spot, not futures/);
  expect(() => {
    assertSameDesk(left, record);
  }).not.toThrow();
});

test('forgetting removes all of it and tells whether there was any', async () => {
  expect(forgetDesk(folder)).toBe(false);
  await save();
  expect(forgetDesk(folder)).toBe(true);
  expect(existsSync(deskPaths(folder).saved)).toBe(false);
});
