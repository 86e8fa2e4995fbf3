import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourcesVersion } from '@tradewind/adapters/config/code-version';
import { lazyVenues, namedUndici } from '@tradewind/adapters/venue/bundle-ccxt';
import { build, type Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, 'dist');

/** zod brings its messages in fifty languages; the functions speak one, and load 20 ms sooner. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup(bundler) {
    bundler.onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, ({ path }) => ({
      contents: `export { default as en } from './en.js';`,
      resolveDir: dirname(path),
    }));
  },
};

/**
 * What is deployed is this folder alone: the workspaces that the bundle was made from are on no
 * registry, so a package that names them could not be installed in the cloud.
 */
function deployedPackage(): string {
  const own: unknown = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  return JSON.stringify({ ...Object(own), main: 'index.js', devDependencies: {}, scripts: {} });
}

const result = await build({
  entryPoints: [join(here, 'src/index.ts')],
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  metafile: true,
  legalComments: 'none',
  // What decided is on record with each decision.
  define: { 'process.env.TRADEWIND_CODE': JSON.stringify(sourcesVersion(join(here, '..'))) },
  logLevel: 'warning',
  external: ['firebase-admin', 'firebase-admin/*', 'firebase-functions', 'firebase-functions/*'],
  banner: {
    // CommonJS packages inside an ES module bundle still call `require`.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // Orders go to one venue; every other would only be deployed.
  plugins: [lazyVenues(here, ['binance']), namedUndici(here), oneLanguage],
});

// What an earlier build left goes last, so that whoever runs the old bundle is not cut off.
const written = new Set(Object.keys(result.metafile.outputs).map((file) => resolve(file)));
for (const file of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath, file.name);
  if (file.isFile() && !written.has(path)) rmSync(path);
}
writeFileSync(join(outdir, 'meta.json'), JSON.stringify(result.metafile));
writeFileSync(join(outdir, 'package.json'), deployedPackage());
const outputs = Object.entries(result.metafile.outputs).filter(([file]) => file.endsWith('.js'));
for (const [file, { bytes }] of outputs)
  process.stdout.write(`${file.slice(file.indexOf('dist/'))} ${(bytes / 1024).toFixed(0)} KB\n`);
