import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * How builds put ccxt into a bundle: each venue a module of its own, loaded when it is first asked
 * for, in the place of one import that loads over a hundred (about 330 ms and 70 MB; one venue takes
 * 75 ms and 35 MB). The error classes come from the same files as the venues', so `instanceof` holds.
 *
 * For build scripts only; they hand it to esbuild, whose types it needs no more of than these.
 */
type Path = { readonly path: string; readonly namespace?: string; readonly sideEffects?: boolean };
type Filter = { readonly filter: RegExp; readonly namespace?: string };
type Bundler = {
  readonly onResolve: (
    filter: Filter,
    answer: (asked: { readonly path: string; readonly kind: string }) => Path | null,
  ) => void;
  readonly onLoad: (
    filter: Filter,
    answer: (asked: { readonly path: string }) => {
      readonly contents: string;
      readonly resolveDir: string;
      readonly loader?: 'js';
    },
  ) => void;
};
export type BundlerPlugin = {
  readonly name: string;
  readonly setup: (bundler: Bundler) => void;
};

/** Folder of ccxt's modules above `here`: its `exports` map hides them, so they are reached by path. */
export function ccxtSource(here: string): string {
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/ccxt/js/src');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new Error(`ccxt is not installed above ${here}: run npm install first`);
  }
}

/** Venues whose module lies in `folder`, by ccxt's name. */
const venuesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => /^[a-z0-9]+\.js$/.test(file))
    .map((file) => file.slice(0, -'.js'.length));

/** What takes the place of ccxt-modules.ts: the same two functions over imports of single modules. */
function moduleMap(streams: readonly string[], rests: readonly string[]): string {
  const map = (folder: string, venues: readonly string[]): string =>
    venues.map((venue) => `${venue}: () => import('./${folder}${venue}.js'),`).join('\n');
  return `
    const streams = { ${map('pro/', streams)} };
    const rests = { ${map('', rests)} };
    const pick = async (modules, venue) =>
      Object.hasOwn(modules, venue) ? (await modules[venue]()).default : undefined;
    export const streamClass = (venue) => pick(streams, venue);
    export const restClass = (venue) => pick(rests, venue);
  `;
}

/**
 * Answers `ccxt` with Binance, where orders go, and ccxt-modules.ts with a map of `venues`.
 *
 * @param venues ccxt's names; all of them where left out.
 */
export function lazyVenues(here: string, venues?: readonly string[]): BundlerPlugin {
  const source = ccxtSource(here);
  const wanted = (found: readonly string[]): string[] =>
    found.filter((venue) => venues === undefined || venues.includes(venue));
  return {
    name: 'lazy-venues',
    setup: (bundler) => {
      bundler.onResolve({ filter: /^ccxt$/ }, () => ({
        path: 'ccxt',
        namespace: 'venues',
        sideEffects: false,
      }));
      bundler.onLoad({ filter: /.*/, namespace: 'venues' }, () => ({
        resolveDir: source,
        contents: `
          import binance from './binance.js';
          import binanceusdm from './binanceusdm.js';
          export * from './base/errors.js';
          export { binance, binanceusdm };
          export default { binance, binanceusdm };
        `,
      }));
      // Unused venue modules must fall out of the bundle: none of them acts when imported.
      bundler.onResolve(
        { filter: /^\.\/binance(usdm)?\.js$/, namespace: 'venues' },
        ({ path }) => ({
          path: join(source, path),
          sideEffects: false,
        }),
      );
      bundler.onLoad({ filter: /[\\/]venue[\\/]ccxt-modules\.ts$/ }, () => ({
        resolveDir: source,
        loader: 'js',
        contents: moduleMap(wanted(venuesIn(join(source, 'pro'))), wanted(venuesIn(source))),
      }));
    },
  };
}

/**
 * ccxt reaches for undici by a dynamic import, and goes on without it when names are missing. Bundled
 * CommonJS has no names when imported so: this gives it those that ccxt uses.
 */
export function namedUndici(here: string): BundlerPlugin {
  return {
    name: 'named-undici',
    setup: (bundler) => {
      const undici = createRequire(join(ccxtSource(here), 'base/Exchange.js')).resolve('undici');
      bundler.onResolve({ filter: /^undici$/, namespace: 'file' }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: 'undici', namespace: 'named' } : null,
      );
      bundler.onLoad({ filter: /^undici$/, namespace: 'named' }, () => ({
        resolveDir: dirname(undici),
        contents: `export { Agent, fetch, ProxyAgent, request } from ${JSON.stringify(undici)};`,
      }));
    },
  };
}
