import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
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

/**
 * Replaces `ccxt`, which imports over a hundred venues, by the one venue that is traded on.
 *
 * Loading all of it takes about 330 ms and 70 MB; this takes about 75 ms and 35 MB. The error
 * classes come from the same files as the venues', so `instanceof` holds.
 */
const onlyTradedVenues: Plugin = {
  name: 'only-traded-venues',
  setup(bundler) {
    const source = ccxtSource();
    bundler.onResolve({ filter: /^ccxt$/ }, () => ({
      path: 'ccxt',
      namespace: 'venues',
      sideEffects: false,
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'venues' }, () => ({
      resolveDir: source,
      contents: `
        import binance from './binance.js';
        import binancePro from './pro/binance.js';
        export * from './base/errors.js';
        export const pro = { binance: binancePro };
        export { binance };
        export default { binance, pro };
      `,
    }));
    // Unused venue modules must fall out of the bundle: none of them acts when imported.
    bundler.onResolve({ filter: /^\.\/(pro\/)?binance\.js$/, namespace: 'venues' }, (args) => ({
      path: join(source, args.path),
      sideEffects: false,
    }));
  },
};

/**
 * ccxt reaches for undici by a dynamic import, and goes on without it when names are missing. Bundled
 * CommonJS has no names when imported so: this gives it those that ccxt uses.
 */
const namedUndici: Plugin = {
  name: 'named-undici',
  setup(bundler) {
    const undici = createRequire(join(ccxtSource(), 'base/Exchange.js')).resolve('undici');
    bundler.onResolve({ filter: /^undici$/, namespace: 'file' }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'undici', namespace: 'named' } : null,
    );
    bundler.onLoad({ filter: /^undici$/, namespace: 'named' }, () => ({
      resolveDir: dirname(undici),
      contents: `export { Agent, fetch, ProxyAgent, request } from ${JSON.stringify(undici)};`,
    }));
  },
};

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
  logLevel: 'warning',
  external: ['firebase-admin', 'firebase-admin/*', 'firebase-functions', 'firebase-functions/*'],
  banner: {
    // CommonJS packages inside an ES module bundle still call `require`.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [onlyTradedVenues, namedUndici, oneLanguage],
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
