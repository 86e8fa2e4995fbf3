// The front door: runs on any Node from 20 with nothing installed, installs what is missing, and
// hands over to the Node that is pinned for Cloud Functions. `npm start`, `npm test`, `npm run tw`,
// `npm run bench`, `npm run parity`, `npm run drill` and `npm run faults` come in here.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { javaFault, nodeFault } from './prerequisites.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODES = {
  desk: { main: 'tools/src/desk/main.ts', java: true },
  test: { main: 'tools/src/test/main.ts', java: true },
  tw: { main: 'tools/src/cli/main.ts', java: false },
  bench: { main: 'benchmarks/main.ts', java: false },
  parity: { main: 'tools/src/parity/main.ts', java: true },
  faults: { main: 'tools/src/faults/main.ts', java: '--emulator' },
  drill: { main: 'tools/src/drill/main.ts', java: true },
};
const COMPILED = 'node_modules/.cache/tradewind/compiled';

const say = (text) => process.stderr.write(`${text}\n`);
function stop(message) {
  say(`\n${message}\n`);
  process.exit(1);
}

/** Why packages must be installed, or `undefined` when they are as the lock file says. */
function installReason() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return 'first run';
  const wanted = read('package-lock.json');
  const installed = read('node_modules/.package-lock.json');
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || entry.optional || entry.devOptional || entry.peer)
      continue;
    const found = installed[path];
    if (found === undefined) return `${path} is missing`;
    if (found.version !== entry.version) return `${path} changed`;
  }
  return undefined;
}

/** Runs npm, by the very npm that started this where there is one; its chatter goes to stderr. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const known = cli !== undefined && cli.endsWith('.js');
  const [command, all] = known ? [process.execPath, [cli, ...args]] : ['npm', args];
  return new Promise((resolve) => {
    const child = spawn(command, all, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: !known && process.platform === 'win32',
    });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => resolve(code === 0 ? undefined : `npm exited with code ${code}`));
  });
}

async function install() {
  const reason = installReason();
  if (reason !== undefined) {
    say(`Installing packages (${reason}). The first time this takes a few minutes.`);
    const fault = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (fault !== undefined)
      stop(
        `The packages could not be installed: ${fault}.\n` +
          'Look at the lines above. Most often the package registry could not be reached (npm ping),\n' +
          'or the disk is full. Run the same command again when that is mended.',
      );
  }
  return pinnedNode();
}

/** Path of the pinned Node; installs its binary where npm was told not to run install scripts. */
async function pinnedNode() {
  const candidates = ['node_modules/node/bin/node', 'node_modules/node/bin/node.exe'];
  const find = () => candidates.map((path) => join(root, path)).find((path) => existsSync(path));
  if (find() === undefined) await npm(['rebuild', 'node', '--foreground-scripts']);
  const found = find();
  if (found !== undefined) return found;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return stop(
    'The pinned Node 24 is not installed: its npm package `node` could not run its install script.\n' +
      'Run `npm rebuild node --foreground-scripts` and look at what it says, or use Node 24 yourself.',
  );
}

/** Runs the program; signals pass through, and its exit code becomes ours. */
function handOver(node, main, args) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      TRADEWIND_CWD: process.env.INIT_CWD ?? process.cwd(),
      // Whatever runs below starts sooner the next time.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, COMPILED),
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`Could not start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

const [name = '', ...args] = process.argv.slice(2);
const mode = MODES[name];
if (mode === undefined)
  stop(`Unknown mode "${name}": use one of ${Object.keys(MODES).join(', ')}.`);
const wantsHelp = args.includes('--help') || args.includes('-h');
// `java` names the option that asks for it where not every run does.
const wantsJava = mode.java === true || args.includes(mode.java);
const fault = nodeFault() ?? (wantsJava && !wantsHelp ? javaFault() : undefined);
if (fault !== undefined) stop(fault);
handOver(await install(), join(root, mode.main), args);
