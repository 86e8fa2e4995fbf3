import { join, resolve } from 'node:path';
import { sourcesVersion } from '@tradewind/adapters/config/code-version';
import { loadRecording } from '@tradewind/adapters/parity/load-recording';
import { tradingOf } from '@tradewind/adapters/parity/replay-book';
import type { Difference } from '@tradewind/core/parity/difference';
import type { Recording } from '@tradewind/core/parity/recording';
import { replayRecording } from '@tradewind/core/parity/replay-recording';
import { strategyById } from '@tradewind/strategies/registry';
import { Command, InvalidArgumentError } from 'commander';
import { BOOK } from '../desk/seed.ts';
import { describe } from '../lib/fault.ts';
import { plantAll, type Planted } from './plant.ts';
import { withRecordedSession, type Recorded } from './record-session.ts';
import { seedStrategies } from './seed-strategies.ts';
import { parityTable } from './table.ts';

const root = join(import.meta.dirname, '../../..');
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** What a run reports: `docs/figures.md`. */
type Report = {
  readonly minutes: number;
  readonly decisions: number;
  readonly equal: number;
  readonly differences: readonly Pick<Difference, 'at' | 'bot' | 'cause'>[];
  readonly planted: Planted;
};

async function recordingsOf({ store, from, to }: Recorded): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for (const { strategyId, marketKeys } of await tradingOf(store, BOOK))
    for (const marketKey of marketKeys) {
      const period = { bookId: BOOK, strategyId, marketKey, from, to };
      const recording = await loadRecording(store, period);
      if (recording !== null) recordings.push(recording);
    }
  return recordings;
}

async function report(recorded: Recorded, minutes: number): Promise<Report> {
  for (const fault of recorded.faults) say(`On the desk: ${fault}`);
  const recordings = await recordingsOf(recorded);
  const replayer = { strategyById, code: sourcesVersion(root) };
  const parities = recordings.map((recording) => replayRecording(recording, replayer));
  say(parityTable(parities));
  return {
    minutes,
    decisions: parities.reduce((sum, { evaluations }) => sum + evaluations, 0),
    equal: parities.reduce((sum, { equal }) => sum + equal, 0),
    differences: parities
      .flatMap(({ differences }) => differences)
      .map(({ at, bot, cause }) => ({ at, bot, cause })),
    planted: plantAll(recordings, replayer),
  };
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 120)
    throw new InvalidArgumentError(
      'Give whole minutes from 1 to 120: the recording is hardly longer.',
    );
  return minutes;
}

const program = new Command('npm run parity --')
  .description(
    'Records a paper session on recorded trades, replays every decision, and says which come out otherwise.',
  )
  .option('--minutes <n>', 'market minutes to record', parseMinutes, 120)
  .option('--json', 'print the report as one JSON object, as the last line', false)
  .addHelpText('after', '\nTRADEWIND_DATA names the folder of recorded data (default ./data).')
  .parse();

const { minutes, json } = program.opts<{ minutes: number; json: boolean }>();
const data = resolve(root, process.env['TRADEWIND_DATA'] ?? 'data');
try {
  const told = await withRecordedSession({ root, data, minutes, say }, seedStrategies, (recorded) =>
    report(recorded, minutes),
  );
  const { decisions, equal, differences, planted } = told;
  process.stdout.write(
    json
      ? `${JSON.stringify(told)}\n`
      : `${equal} of ${decisions} decisions of ${minutes} minutes are equal; planted faults found: ${Object.entries(
          planted,
        )
          .map(([name, found]) => `${name} ${found ? 'yes' : 'NO'}`)
          .join(', ')}\n`,
  );
  const isWhole = decisions > 0 && equal === decisions && differences.length === 0;
  process.exitCode = isWhole && Object.values(planted).every(Boolean) ? 0 : 1;
} catch (error) {
  say(describe(error));
  process.exitCode = 1;
}
// What still holds the process open has been told to end.
process.exit();
