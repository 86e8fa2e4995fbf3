import { spawnSync } from 'node:child_process';

/** Oldest Node that can run this file and install the packages; the rest runs on the pinned one. */
const NODE_MAJOR = 20;
/** Oldest Java that the pinned Firestore emulator accepts. */
const JAVA_MAJOR = 17;

const byPlatform = (choices) => choices[process.platform] ?? choices.linux;

/** The fault of this Node and its cure, or `undefined`. */
export function nodeFault(version = process.versions.node) {
  const major = Number(version.split('.')[0]);
  if (major >= NODE_MAJOR) return undefined;
  return [
    `Node ${version} is too old: Tradewind needs Node ${NODE_MAJOR} or newer to install itself.`,
    byPlatform({
      darwin: 'Install it with: brew install node    (or from https://nodejs.org)',
      win32: 'Install it with: winget install OpenJS.NodeJS.LTS    (or from https://nodejs.org)',
      linux: 'Install it from https://nodejs.org, or with a version manager: nvm install --lts',
    }),
  ].join('\n');
}

const javaCure = () =>
  byPlatform({
    darwin: `Install it with: brew install openjdk@${JAVA_MAJOR}    (then follow its note about the PATH)`,
    win32: `Install it with: winget install EclipseAdoptium.Temurin.${JAVA_MAJOR}.JDK    (then open a new terminal)`,
    linux: `Install it with: sudo apt-get install openjdk-${JAVA_MAJOR}-jre-headless    (Fedora: java-${JAVA_MAJOR}-openjdk-headless)`,
  });

/** Major version in the output of `java -version`: `1.8.0_392` is 8, `17.0.15` is 17. */
function javaMajor(output) {
  const match =
    /version "?(\d+)(?:\.(\d+))?/.exec(output) ?? /^openjdk (\d+)(?:\.(\d+))?/m.exec(output);
  if (match === null) return undefined;
  return match[1] === '1' ? Number(match[2]) : Number(match[1]);
}

/** The fault of the Java on the PATH and its cure, or `undefined`. */
export function javaFault() {
  const run = spawnSync('java', ['-version'], { encoding: 'utf8', timeout: 30_000 });
  if (run.error !== undefined)
    return `Java was not found: the Firestore emulator needs Java ${JAVA_MAJOR} or newer on the PATH.\n${javaCure()}`;
  const major = javaMajor(`${run.stderr}\n${run.stdout}`);
  if (major === undefined)
    return `\`java -version\` answered without a version (exit code ${run.status}), so Java can not be used:\n${run.stderr.trim()}\n${javaCure()}`;
  if (major < JAVA_MAJOR)
    return `Java ${major} is too old: the Firestore emulator needs Java ${JAVA_MAJOR} or newer on the PATH.\n${javaCure()}`;
  return undefined;
}
