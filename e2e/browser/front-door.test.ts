import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import type { Role } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { signIn } from '../../tools/src/desk/observe.ts';
import { launchChromium } from '../../tools/src/lib/browser.ts';
import { waitFor } from '../../tools/src/lib/wait.ts';
import { command, deskUnderTest, openStore, readMails } from '../lib/desk.ts';

const { ports, chromium } = deskUnderTest();
const describeInBrowser = chromium === null ? describe.skip : describe;
const store = openStore();
const BOT = 'trend';

const violations = z.array(
  z.looseObject({ id: z.string(), nodes: z.array(z.looseObject({ html: z.string() })) }),
);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it stands: rule and markup. */
async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found: unknown = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return violations
    .parse(found)
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

const seeSimulated = (page: Page): Promise<void> =>
  page.getByText('SIMULATED').filter({ visible: true }).first().waitFor();

const isStopped = async (): Promise<boolean> =>
  (await store.get(paths.riskState('paper'), riskStateDoc))?.emergencyStop === true;

describeInBrowser('the front door', () => {
  let browser: Browser;
  const open = async (role: Role, width = 1_280): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    await signIn(page, ports, role);
    return page;
  };
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  test('a person signs in and sees at once that nothing is real', async () => {
    const page = await open('admin');
    await seeSimulated(page);
    await page.context().close();
  }, 60_000);

  test('ARC-08 ARC-10 a trade goes all the way: order on screen, position, e-mail', async () => {
    const page = await open('trader');
    await waitFor('a live price', async () =>
      (await store.firestore.collection(paths.boards).get()).size > 0 ? true : undefined,
    );
    const reply = await command('simulateBotTrade', { botId: BOT, action: 'BUY' }, 'trader');
    expect(reply).toMatchObject({ ok: true });
    const order = await waitFor('a filled order', async () => {
      const all = await store.query(
        store.firestore.collection(paths.orders('paper')).where('strategyId', '==', BOT),
        orderDoc,
      );
      return all.find(({ status }) => status === 'FILLED');
    });
    await page
      .locator(`[data-order-id="${order.orderId}"][data-order-status="FILLED"]`)
      .waitFor({ timeout: 20_000 });
    await page.goto(`http://127.0.0.1:${ports.hosting}/#/overview`);
    await page.getByText(order.symbol).first().waitFor();
    const mail = await waitFor(
      'the e-mail',
      async () => (await readMails()).find(({ subject }) => subject.includes(order.symbol)),
      { timeoutMs: 30_000 },
    );
    expect(mail.subject).toContain(order.symbol);
    await page.context().close();
  }, 120_000);

  test.each(['overview', 'market', 'orders', 'signals', 'performance', 'activity', 'system'])(
    'axe finds nothing wrong with the page %s, light and dark',
    async (route) => {
      const page = await open('admin');
      await page.goto(`http://127.0.0.1:${ports.hosting}/#/${route}`);
      await seeSimulated(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await page.context().close();
    },
    90_000,
  );

  test('on a phone nothing sticks out sideways', async () => {
    const page = await open('admin', 360);
    await page.goto(`http://127.0.0.1:${ports.hosting}/#/overview`);
    await seeSimulated(page);
    const sticksOut: unknown = await page.evaluate(`(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > width)
        .map((element) => element.outerHTML.slice(0, 120));
    })()`);
    expect(sticksOut).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('UI-70 a viewer is offered no way to trade or stop', async () => {
    const page = await open('viewer');
    await seeSimulated(page);
    const button = page.getByRole('button', { name: /emergency/i });
    const offered = (await button.count()) > 0 && (await button.first().isEnabled());
    expect(offered).toBe(false);
    await page.context().close();
  }, 60_000);

  test('RSK-90 one button stops entries, and an admin finds the way back beside it', async () => {
    const page = await open('admin');
    await page
      .getByRole('button', { name: /emergency/i })
      .first()
      .click();
    await page.getByLabel(/Type STOP/).fill('STOP');
    await page.getByLabel(/Type STOP/).press('Enter');
    await page.getByRole('button', { name: 'Done' }).click({ timeout: 30_000 });
    expect(await isStopped()).toBe(true);
    await page.getByText(/Trading is stopped/).waitFor();

    await page.getByRole('button', { name: 'Reset…' }).click();
    await page.getByLabel(/Why it is safe/).fill('The end-to-end test has seen enough.');
    await page.getByLabel('Type RESET').fill('RESET');
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByRole('button', { name: 'Done' }).click({ timeout: 30_000 });
    expect(await isStopped()).toBe(false);
    await page.context().close();
  }, 120_000);
});
