import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { launchChromium } from '../lib/browser.ts';
import { waitFor } from '../lib/wait.ts';
import type { Ports } from '../lib/ports.ts';
import { PROJECT } from './emulators.ts';
import { emailOf, PASSWORD } from './seed.ts';

/** When a browser first showed things, by id, wall clock. */
export type Sightings = Readonly<Record<string, number>>;

/** A browser that looks at the dashboard, and beside it a bare page that hears of probes. */
export type Observer = {
  /** Orders by id, as rows of the dashboard. */
  readonly orders: () => Promise<Sightings>;
  /** Probes by id, as documents in a page that does nothing else. */
  readonly probes: () => Promise<Sightings>;
  readonly close: () => Promise<void>;
};

/** Runs in the page, before anything of it: notes when an element with an order's id first appears. */
const WATCH_ROWS = `(() => {
  const seen = (window.__seen = {});
  const note = (element) => {
    const id = element.getAttribute('data-order-id');
    if (id !== null && !(id in seen)) seen[id] = Date.now();
  };
  new MutationObserver((changes) => {
    for (const { addedNodes, target, type } of changes) {
      if (type === 'attributes') note(target);
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        if (node.hasAttribute('data-order-id')) note(node);
        node.querySelectorAll('[data-order-id]').forEach(note);
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-order-id'] });
})();`;

const CDN = 'https://www.gstatic.com/firebasejs';

const watchProbes = (port: number, version: string): string => `
  import { initializeApp } from '${CDN}/${version}/firebase-app.js';
  import { collectionGroup, connectFirestoreEmulator, getFirestore, onSnapshot }
    from '${CDN}/${version}/firebase-firestore.js';
  const db = getFirestore(initializeApp({ projectId: '${PROJECT}', apiKey: 'demo' }));
  // Clients may not read probes: the emulator's owner may.
  connectFirestoreEmulator(db, '127.0.0.1', ${port}, { mockUserToken: 'owner' });
  const seen = {};
  onSnapshot(collectionGroup(db, 'steps'), (snapshot) => {
    window.__seen = seen;
    for (const { doc } of snapshot.docChanges())
      if (doc.id === 'triggered') seen[doc.ref.parent.parent.id] ??= Date.now();
  });`;

/** The web SDK as browsers load it, from the installed package: no network is used. */
async function openProbePage(page: Page, ports: Ports): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('firebase/package.json');
  const folder = dirname(manifest);
  const { version } = z
    .looseObject({ version: z.string() })
    .parse(JSON.parse(readFileSync(manifest, 'utf8')));
  await page.route(`${CDN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    await route.fulfill({
      contentType: 'text/javascript',
      headers: { 'access-control-allow-origin': '*' },
      body: readFileSync(join(folder, name), 'utf8'),
    });
  });
  // A page that is really served from this machine: Chromium lets no other reach the emulators.
  const address = `http://127.0.0.1:${ports.sandbox}/api/v3/ping`;
  await page.goto(address);
  await page.addScriptTag({ type: 'module', content: watchProbes(ports.firestore, version) });
}

const readSightings = (page: Page): Promise<Sightings> => page.evaluate('window.__seen ?? {}');

/** Signs in to the dashboard as the local desk's `admin` and waits until it shows the desk. */
export async function signIn(
  page: Page,
  ports: Ports,
  role: 'admin' | 'trader' | 'viewer' = 'admin',
): Promise<void> {
  await page.goto(`http://127.0.0.1:${ports.hosting}/#/orders`);
  await page.getByLabel('E-mail').fill(emailOf(role));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Password').waitFor({ state: 'detached' });
}

/** Opens both pages and waits until they listen. @throws Error when one of them does not come up. */
export async function startObserver(executablePath: string, ports: Ports): Promise<Observer> {
  const browser: Browser = await launchChromium(executablePath);
  try {
    const dashboard = await browser.newPage();
    await dashboard.addInitScript(WATCH_ROWS);
    await signIn(dashboard, ports);
    const probe = await browser.newPage();
    await openProbePage(probe, ports);
    await waitFor(
      'the probe page to listen',
      async () =>
        (await probe.evaluate('window.__seen !== undefined')) === true ? true : undefined,
      { timeoutMs: 20_000 },
    );
    return {
      orders: () => readSightings(dashboard),
      probes: () => readSightings(probe),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
