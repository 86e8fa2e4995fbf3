import type { EvaluationEntry, EvaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { describeGate, type Gate } from '@tradewind/core/strategy/gate';
import { changeWords, smallestChange } from '@tradewind/core/strategy/smallest-change';
import { strategyById } from '@tradewind/strategies/registry';

/** One entry of the journal: when something else stood in the way, or nothing any more. */
export type Change = {
  /** Close of the bar, market time. */
  readonly at: string;
  readonly action: string;
  readonly signalId: string | null;
  readonly sent: boolean;
  readonly gates: readonly Gate[];
  readonly smallestChange: string;
  readonly fault: string | null;
};

/** What kept a strategy from trading on one market, newest first. */
export type Why = {
  readonly strategyId: string;
  readonly marketKey: string;
  readonly symbol: string;
  /** The last bar that was judged. */
  readonly now: Change;
  /** The failing gate of it in words; `null` when it traded. */
  readonly words: string | null;
  readonly changes: readonly Change[];
};

const shownTime = (ms: number): string => new Date(ms).toISOString();

const changeOf = (entry: EvaluationEntry, gates: readonly Gate[]): Change => ({
  at: shownTime(entry.at),
  action: entry.action,
  signalId: entry.signalId,
  sent: entry.sent,
  gates,
  smallestChange: changeWords(smallestChange(gates)),
  fault: entry.fault ?? null,
});

/** The failing gate as the strategy itself puts it. */
function wordsOf({ entries }: EvaluationsDoc, gates: readonly Gate[]): string | null {
  const failing = gates.find(({ passes }) => !passes);
  if (failing === undefined) return null;
  const made = entries.findLast((entry) => entry.made !== undefined)?.made;
  const prepared =
    made === undefined ? undefined : strategyById(made.strategy)?.prepare(made.params);
  return prepared?.ok === true ? prepared.value.describe(failing) : describeGate(failing);
}

/**
 * The journal of one market, from its hours.
 *
 * @param hours - Newest first, at least one.
 */
export function whyOf(
  [newest, ...older]: readonly [EvaluationsDoc, ...EvaluationsDoc[]],
  last: number,
): Why {
  const { strategyId, marketKey, symbol, latest, entries } = newest;
  const changes = [newest, ...older].flatMap((hour) =>
    hour.entries
      .toReversed()
      .flatMap((entry) => (entry.gates === undefined ? [] : [changeOf(entry, entry.gates)])),
  );
  const final = entries.at(-1);
  if (final === undefined) throw new Error('Invariant: an hour has at least one evaluation');
  return {
    ...{ strategyId, marketKey, symbol },
    now: changeOf(final, latest),
    words: wordsOf(newest, latest),
    changes: changes.slice(0, last),
  };
}

const gateLine = (gate: Gate): string => `    ${gate.passes ? '✔' : '✘'} ${describeGate(gate)}`;

const changeLine = ({ at, action, sent, fault, smallestChange: smallest }: Change): string => {
  const time = at.slice(0, 16).replace('T', ' ');
  if (fault !== null) return `    ${time}  failed: ${fault}`;
  if (action === 'HOLD') return `    ${time}  ${smallest}`;
  return `    ${time}  ${action}${sent || action === 'CANCEL' ? '' : ', which came too late to leave'}`;
};

/** For people. */
export function whyText({ strategyId, symbol, now, words, changes }: Why): string {
  const time = now.at.slice(0, 16).replace('T', ' ');
  return [
    `${strategyId} on ${symbol}, bar that closed at ${time} UTC: ${now.action}`,
    `  ${words === null ? 'Nothing stands in the way.' : `Because ${words}.`}`,
    ...(words === null ? [] : [`  To trade, ${now.smallestChange}.`]),
    '',
    '  What was looked at',
    ...now.gates.map(gateLine),
    '',
    '  What changed, newest first',
    ...changes.map(changeLine),
  ].join('\n');
}
