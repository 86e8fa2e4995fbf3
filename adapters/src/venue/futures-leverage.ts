import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Attempt } from './session.ts';
import type { LeverageSetup, Venue, VenueError, VenuePosition } from './venue.ts';

/** How long what the venue said of a market's set-up is believed (EXE-40). */
const BELIEVED_MS = 600_000;

const refuse = (message: string): VenueError => ({
  code: 'InvalidLeverage',
  severity: 'MEDIUM',
  retryable: false,
  message,
  retryAfterMs: null,
});

const same = (a: LeverageSetup, b: LeverageSetup): boolean =>
  a.leverage === b.leverage && a.marginMode === b.marginMode;
const words = ({ leverage, marginMode }: LeverageSetup): string =>
  `${leverage} times ${marginMode}`;

type Calls = {
  readonly clock: { readonly wallNow: () => EpochMs };
  readonly readSetup: (symbol: string) => Promise<Attempt<LeverageSetup>>;
  readonly readPositions: () => Promise<Attempt<VenuePosition[]>>;
  /** Changes what is named, and nothing else. */
  readonly change: (symbol: string, to: Partial<LeverageSetup>) => Promise<Attempt<void>>;
};

/** Why an open position forbids the change; `null` when it does not. */
async function forbidden(
  readPositions: Calls['readPositions'],
  symbol: string,
  { from, to }: { readonly from: LeverageSetup; readonly to: LeverageSetup },
): Promise<VenueError | null> {
  if (to.leverage <= from.leverage && to.marginMode === from.marginMode) return null;
  const open = await readPositions();
  if (!open.ok) return open.error;
  return open.value.some((position) => position.symbol === symbol)
    ? refuse(`${symbol} has an open position: it stays at ${words(from)}, ${words(to)} was wanted`)
    : null;
}

/** Leverage and margin mode of an account's markets, changed as EXE-40 and EXE-41 allow. */
export function createLeverage({
  clock,
  readSetup,
  readPositions,
  change,
}: Calls): Pick<Venue, 'leverage' | 'setLeverage' | 'positions'> {
  const known = new Map<string, { readonly setup: LeverageSetup; readonly at: EpochMs }>();

  const leverage: Venue['leverage'] = async (symbol) => {
    const read = await readSetup(symbol);
    if (!read.ok) {
      known.delete(symbol);
      return err(read.error);
    }
    known.set(symbol, { setup: read.value, at: clock.wallNow() });
    return ok(read.value);
  };
  const current = async (symbol: string): Promise<Result<LeverageSetup, VenueError>> => {
    const found = known.get(symbol);
    const age = found === undefined ? Infinity : clock.wallNow() - found.at;
    return found !== undefined && age >= 0 && age < BELIEVED_MS
      ? ok(found.setup)
      : leverage(symbol);
  };
  return {
    leverage,
    setLeverage: async (symbol, wanted) => {
      const before = await current(symbol);
      if (!before.ok || same(before.value, wanted)) return before;
      const refusal = await forbidden(readPositions, symbol, { from: before.value, to: wanted });
      if (refusal !== null) return err(refusal);
      const { leverage: from, marginMode } = before.value;
      const changed = await change(symbol, {
        ...(wanted.marginMode === marginMode ? {} : { marginMode: wanted.marginMode }),
        ...(wanted.leverage === from ? {} : { leverage: wanted.leverage }),
      });
      known.delete(symbol);
      // Whatever the answer was: what the venue holds now is what counts.
      const after = await leverage(symbol);
      if (!after.ok || same(after.value, wanted)) return after;
      return err(
        changed.ok
          ? refuse(`${symbol} is at ${words(after.value)}, ${words(wanted)} was wanted`)
          : { ...changed.error, code: 'InvalidLeverage', retryable: false },
      );
    },
    positions: async () => {
      const read = await readPositions();
      return read.ok ? ok(read.value) : err(read.error);
    },
  };
}
