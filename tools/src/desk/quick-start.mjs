// Loaded first by the desk's programs, so that they start sooner, above all the emulators' runtimes of functions: each
// of some fifty functions gets one of its own, when a person first asks for it. Plain JavaScript, because taking types
// out would cost what is to be saved.
import { flushCompileCache, registerHooks } from 'node:module';

/** By now a program has loaded what it needs. Node keeps compiled code at an orderly end only, and most are killed. */
const STARTED_MS = 5_000;
const RUNTIME = /[\\/]functionsEmulatorRuntime(\.js)?$/;
const SHARED = /\/firebase-tools\/lib\/emulator\/functionsEmulatorShared\.js$/;
const REQUIRE = /^const (\w+) = require\("(\.[^"]+)"\);$/gm;

/** Modules of `source` load when something of theirs is first used. */
const makeLazy = (source) =>
  'const lazy = (load) => new Proxy({}, { get: (_, name) => load()[name] });\n' +
  source.replace(REQUIRE, 'const $1 = lazy(() => require("$2"));');

setTimeout(flushCompileCache, STARTED_MS).unref();

// A runtime takes two small things out of a module that loads half of the Firebase CLI, which is most of its start.
if (RUNTIME.test(process.argv[1] ?? ''))
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      return SHARED.test(url) ? { ...loaded, source: makeLazy(String(loaded.source)) } : loaded;
    },
  });
