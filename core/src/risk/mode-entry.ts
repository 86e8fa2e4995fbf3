import type { EpochMs } from '../lib/time.ts';
import { GATES } from './go-gates.ts';

/** What a book has to show before it may trade as `full` (11, sections 11 and 12; RSK-06). */
export type ModeEntry = {
  readonly now: EpochMs;
  readonly createdAt: EpochMs;
  /** Code that runs. */
  readonly version: string;
  readonly gates: {
    readonly at: EpochMs;
    readonly version: string;
    readonly gates: Readonly<Record<string, boolean>>;
  } | null;
  readonly trades: number;
  readonly returnPct: number | null;
  readonly criticalAlerts: number;
  readonly openBreakers: number;
  readonly emergencyStop: boolean;
  /** When the book was last compared with its venue as a whole; `null` = never. */
  readonly reconciledAt: EpochMs | null;
};

const DAY_MS = 86_400_000;
const MIN_DAYS = 14;
const MIN_TRADES = 30;
const LEAST_RETURN_PCT = -1;
const CLEAN_WITHIN_MS = 60_000;

const failedGates = ({ gates }: ModeEntry): readonly string[] =>
  GATES.filter((gate) => gates?.gates[gate] !== true);

const isProfitable = ({ returnPct, trades }: ModeEntry): boolean =>
  returnPct !== null && (returnPct > 0 || (returnPct >= LEAST_RETURN_PCT && trades >= MIN_TRADES));

/** What is missing, in words; nothing when the book may become a full one. What is not known is missing. */
export function entryObstacles(entry: ModeEntry): readonly string[] {
  const { now, createdAt, version, gates, reconciledAt } = entry;
  const days = Math.floor((now - createdAt) / DAY_MS);
  const failed = failedGates(entry);
  const rules: readonly (readonly [boolean, string])[] = [
    [days >= MIN_DAYS, `it has traded for ${days} of ${MIN_DAYS} days`],
    [
      gates !== null && now - gates.at < DAY_MS && gates.at <= now && gates.version === version,
      'the gates were not judged within a day for the code that runs',
    ],
    [failed.length === 0, `gates have not passed: ${failed.join(', ')}`],
    [
      isProfitable(entry),
      `its result is neither above 0 nor at least ${LEAST_RETURN_PCT} % over ${MIN_TRADES} trades`,
    ],
    [entry.criticalAlerts === 0, `${entry.criticalAlerts} critical alerts are active`],
    [entry.openBreakers === 0, `${entry.openBreakers} breakers are not closed`],
    [!entry.emergencyStop, 'an emergency stop is in force'],
    [
      reconciledAt !== null && now - reconciledAt <= CLEAN_WITHIN_MS,
      'it was not compared with its venue within a minute',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, words]) => words);
}
