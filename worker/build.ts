import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, 'dist');

/** Folder of ccxt's modules: its `exports` map hides them, so they are reached by path. */
function ccxtSource(): string {
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/ccxt/js/src');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new Error(`ccxt is not installed above ${here}: run npm install first`);
  }
}

/** Answers `ccxt` with the one venue that the worker streams: a third of the start and the memory. */
const onlyBinance: Plugin = {
  name: 'only-binance',
  setup(bundler) {
    bundler.onResolve({ filter: /^ccxt$/ }, () => ({ path: 'ccxt', namespace: 'venues' }));
    bundler.onLoad({ filter: /.*/, namespace: 'venues' }, () => ({
      resolveDir: ccxtSource(),
      contents: `
        import binance from './binance.js';
        import binancePro from './pro/binance.js';
        export const pro = { binance: binancePro };
        export { binance };
      `,
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [join(here, 'src/main.ts')],
  outfile: join(outdir, 'main.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  external: ['firebase-admin', 'firebase-admin/*', 'bufferutil', 'utf-8-validate'],
  banner: {
    // CommonJS packages inside an ES module bundle still call `require`.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [onlyBinance],
});
