import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lazyVenues, namedUndici } from '@tradewind/adapters/venue/bundle-ccxt';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, 'dist');

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [join(here, 'src/main.ts')],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  // A chunk for each venue: only those of the venues that are streamed are loaded.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node24',
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  // DuckDB is machine code, which no bundle holds.
  external: ['firebase-admin', 'firebase-admin/*', '@duckdb/*', 'bufferutil', 'utf-8-validate'],
  banner: {
    // CommonJS packages inside an ES module bundle still call `require`.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [lazyVenues(here), namedUndici(here)],
});
