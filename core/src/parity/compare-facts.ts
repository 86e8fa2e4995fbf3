import type { Facts } from '../engine/facts.ts';
import { durationMs, epochMs, later, type EpochMs } from '../lib/time.ts';
import { addMoney, addQty, averagePrice, notional, ZERO_MONEY, ZERO_QTY } from '../lib/units.ts';
import { shown } from './compare-fields.ts';
import type { Of } from './compare-orders.ts';
import type { Difference } from './difference.ts';
import type { PositionStep } from './replay-position.ts';

type Known = Pick<Facts, 'position' | 'lastFill'>;

/** What one evaluation took for granted. */
export type SeenFacts = Known &
  Pick<Facts, 'pendingOrder'> & {
    /** Market time of the evaluation. */
    readonly at: EpochMs;
    /** Wall time at which it was stored. */
    readonly savedAt: EpochMs;
  };

/** Wall time during which a signal or intent was under way; `until` is `null` while it is. */
export type UnderWay = { readonly from: EpochMs; readonly until: EpochMs | null };

/** Wall time that an answer of the venue may take from its arrival into the ledger. */
const BOOKING = durationMs(10_000);

type LastFill = Facts['lastFill'];

/** The order's fills so far as a bot sees them: their average price, and when the last one was. */
function lastFillOf(steps: readonly PositionStep[]): LastFill {
  const last = steps.at(-1);
  if (last === undefined) return null;
  const own = steps.filter(({ order }) => order.orderId === last.order.orderId);
  const quantity = own.reduce((sum, { fill }) => addQty(sum, fill.quantity), ZERO_QTY);
  const quote = own.reduce(
    (sum, { fill }) => addMoney(sum, notional(fill.price, fill.quantity, 'floor')),
    ZERO_MONEY,
  );
  const { at, side } = last.fill;
  return { at, side, price: averagePrice(quote, quantity, 'floor') };
}

/** What the ledger knew after each number of fills, none first. */
function knowledge(steps: readonly PositionStep[]): readonly Known[] {
  const known: Known[] = [{ position: null, lastFill: null }];
  steps.forEach(({ position }, index) => {
    const { side, quantity, averageEntry, openedAt, lastFillAt, status } = position;
    known.push({
      position: status === 'CLOSED' ? null : { side, quantity, averageEntry, openedAt, lastFillAt },
      lastFill: lastFillOf(steps.slice(0, index + 1)),
    });
  });
  return known;
}

const positionText = (position: Facts['position']): string =>
  position === null
    ? 'flat'
    : `${position.side} ${shown(position.quantity)} at ${shown(position.averageEntry)} since ${position.openedAt}, last fill ${position.lastFillAt}`;

const fillText = (fill: LastFill): string =>
  fill === null ? 'never filled' : `${fill.side} at ${shown(fill.price)} at ${fill.at}`;

const textOf = ({ position, lastFill }: Known): string =>
  `${positionText(position)}; ${fillText(lastFill)}`;

/** How many of the fills, which come by time, are among those that `isKnown` holds for; one gap ends it. */
const prefix = (
  steps: readonly PositionStep[],
  isKnown: (step: PositionStep) => boolean,
): number => {
  const first = steps.findIndex((step) => !isKnown(step));
  return first === -1 ? steps.length : first;
};

/** Fills that may have been booked when an evaluation was stored at `wall`. */
const mayKnow = (steps: readonly PositionStep[], wall: EpochMs): number =>
  prefix(steps, ({ order: { marks } }) => marks.firstFillAt === null || marks.firstFillAt <= wall);

/** Fills that were booked for certain when the evaluation before was stored at `wall`. */
const mustKnow = (steps: readonly PositionStep[], wall: EpochMs): number =>
  prefix(
    steps,
    ({ order: { marks } }) => marks.doneAt !== null && later(marks.doneAt, BOOKING) <= wall,
  );

/** First number of fills within the bounds after which `isSame` holds; `null` when there is none. */
const findKnown = (
  known: readonly Known[],
  [from, to]: readonly [number, number],
  isSame: (one: Known) => boolean,
): number | null => {
  for (let count = from; count <= to; count += 1) {
    const one = known[count];
    if (one !== undefined && isSame(one)) return count;
  }
  return null;
};

const samePosition =
  (seen: Known) =>
  ({ position }: Known): boolean =>
    positionText(position) === positionText(seen.position);
const sameFill =
  (seen: Known) =>
  ({ lastFill }: Known): boolean =>
    fillText(lastFill) === fillText(seen.lastFill);

/** When the evaluation before was stored; bars that were judged together share what they knew. */
const savedBefore = (evaluations: readonly SeenFacts[], index: number): EpochMs => {
  const own = evaluations[index]?.savedAt ?? 0;
  return (
    evaluations.slice(0, index).findLast(({ savedAt }) => savedAt < own)?.savedAt ?? epochMs(0)
  );
};

/**
 * What each evaluation knew of position and last fill, against what the fills add up to; `null` where they agree.
 *
 * An answer of the venue takes a moment into the ledger, and position and last fill are read one after the other: so
 * each must be what the ledger knew at some moment between the evaluation before and the storing of this one.
 */
export function compareFacts(
  of: Of,
  steps: readonly PositionStep[],
  evaluations: readonly SeenFacts[],
): readonly (Difference | null)[] {
  const known = knowledge(steps);
  let seenBefore = 0;
  return evaluations.map((seen, index) => {
    const must = mustKnow(steps, savedBefore(evaluations, index));
    const to = mayKnow(steps, seen.savedAt);
    const bounds = [Math.min(to, Math.max(must, seenBefore)), to] as const;
    const position = findKnown(known, bounds, samePosition(seen));
    const fill = findKnown(known, bounds, sameFill(seen));
    if (position !== null && fill !== null) {
      seenBefore = Math.min(position, fill);
      return null;
    }
    const everywhere = [0, steps.length] as const;
    const isKnownElsewhere =
      findKnown(known, everywhere, samePosition(seen)) !== null &&
      findKnown(known, everywhere, sameFill(seen)) !== null;
    return {
      ...of,
      at: seen.at,
      cause: isKnownElsewhere ? 'timing' : 'fill',
      expected: textOf(known[to] ?? seen),
      found: textOf(seen),
      detail: isKnownElsewhere
        ? 'What it knew of position and last fill was right at another time, not when it decided.'
        : 'What it knew of position and last fill is not what the ledger’s fills add up to.',
    };
  });
}

/** Whether an evaluation knew of what was under way; `null` where it may have. */
export function comparePending(
  of: Of,
  underWay: readonly UnderWay[],
  evaluations: readonly SeenFacts[],
): readonly (Difference | null)[] {
  return evaluations.map((seen, index) => {
    const begin = savedBefore(evaluations, index);
    const end = seen.savedAt;
    const mayBe = underWay.some(
      ({ from, until }) =>
        from <= later(end, BOOKING) && (until === null || later(until, BOOKING) >= begin),
    );
    const mustBe = underWay.some(
      ({ from, until }) => from <= begin && (until === null || until > end),
    );
    if (seen.pendingOrder ? mayBe : !mustBe) return null;
    const [expected, found] = seen.pendingOrder
      ? ['nothing under way', 'an order under way']
      : ['an order under way', 'nothing under way'];
    return {
      ...of,
      at: seen.at,
      cause: 'fill',
      expected,
      found,
      detail: `It took it that ${found}; signals and intents of the ledger say otherwise.`,
    };
  });
}
