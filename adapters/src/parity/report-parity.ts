import { MAX_DIFFERENCES, parityDoc } from '@tradewind/contracts/documents/parity';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Parity } from '@tradewind/core/parity/replay-recording';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { Store } from '../ledger/store.ts';

/** Replayed once a day; shown as old after two. */
const MAX_AGE_MS = 2 * 86_400_000;
const LONGEST_TEXT = 300;

/** What was replayed of one bot or strategy. */
export type Replayed = {
  readonly bookId: string;
  readonly strategyId: string;
  /** Market time. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Of each of its markets. */
  readonly parities: readonly Parity[];
  /** Wall clock. */
  readonly now: EpochMs;
};

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;

/** How often which cause, such as `data 2, fill 1`. */
function causesText(differences: Parity['differences']): string {
  const counts = new Map<string, number>();
  for (const { cause } of differences) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].map(([cause, count]) => `${cause} ${count}`).join(', ');
}

/** Stores how far a replay agrees with what was decided, and raises an alert unless it does in everything. */
export async function reportParity(store: Store, replayed: Replayed): Promise<void> {
  const { bookId, strategyId, from, to, parities, now } = replayed;
  const sum = (of: 'evaluations' | 'equal') => parities.reduce((all, one) => all + one[of], 0);
  const [evaluations, equal] = [sum('evaluations'), sum('equal')];
  const differences = parities.flatMap((one) => one.differences).sort((a, b) => a.at - b.at);
  await store.set(paths.parity(strategyId), parityDoc, {
    ...{ bookId, strategyId, from, to, evaluations, equal },
    scorePct: evaluations === 0 ? null : Math.floor((10_000 * equal) / evaluations) / 100,
    differences: differences
      .slice(0, MAX_DIFFERENCES)
      .map(({ at, market, cause, expected, found, detail }) => ({
        ...{ at, market, cause },
        ...{ expected: cut(expected), found: cut(found), detail: cut(detail) },
      })),
    found: differences.length,
    at: now,
    maxAgeMs: MAX_AGE_MS,
  });
  const alert = { rule: 'parity', bookId, symbol: null, label: strategyId, now };
  if (differences.length === 0) {
    await resolveAlert(store, alert);
    return;
  }
  const day = new Date(from).toISOString().slice(0, 10);
  const [first] = differences;
  await raiseAlert(store, {
    ...alert,
    severity: 'WARNING',
    message: `What ${strategyId} decided on ${day} is not what a replay decides: ${equal} of ${evaluations} evaluations are equal (${causesText(differences)}). See \`npm run tw -- replay ${bookId}\` and docs/parity.md.`,
    details: { first: first?.detail ?? '', cause: first?.cause ?? '' },
  });
}
