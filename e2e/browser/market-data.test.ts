import { presenceDoc } from '@tradewind/contracts/documents/system';
import type { Browser, Page } from 'playwright-core';
import { signIn } from '../../tools/src/desk/observe.ts';
import { launchChromium } from '../../tools/src/lib/browser.ts';
import { waitFor } from '../../tools/src/lib/wait.ts';
import { deskUnderTest, openStore } from '../lib/desk.ts';

const { ports, chromium } = deskUnderTest();
const describeInBrowser = chromium === null ? describe.skip : describe;
const store = openStore();

describeInBrowser('market data on screen', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
    const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
    page = await context.newPage();
    await signIn(page, ports, 'viewer');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });
  const open = (name: string) => page.goto(`http://127.0.0.1:${ports.hosting}/#/${name}`);

  test('MD-67 the system page shows the worker’s feed, live', async () => {
    await open('system');
    const row = page.getByRole('row', { name: /worker-0/ });
    await row.getByText('binance spot').waitFor({ timeout: 30_000 });
    await row.getByText('live', { exact: true }).waitFor({ timeout: 30_000 });
  }, 90_000);

  test('the market’s page shows its order flow, and that it is simulated', async () => {
    await open('market');
    const flow = page.getByRole('region', { name: 'Order flow' });
    await flow.getByText('simulated').waitFor({ timeout: 30_000 });
    await flow.getByRole('img', { name: /^Delta of/ }).waitFor();
  }, 90_000);

  test('a tab that can be seen says that it is there', async () => {
    await open('overview');
    await waitFor('a presence', async () => {
      const all = await store.queryEach(store.firestore.collectionGroup('presence'), presenceDoc);
      return all.some((one) => one.ok && one.value.expiresAt > Date.now()) ? true : undefined;
    });
  }, 90_000);
});
