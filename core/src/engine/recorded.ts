import { hashId } from '../lib/ids.ts';
import type { Gate, GateValue } from '../strategy/gate.ts';
import type { EngineBar } from './bar.ts';
import type { Step } from './engine.ts';

/** 65 bits: enough to tell two of the same minute apart. */
const SHORT = 13;
const fingerprint = (kind: string, content: unknown): string =>
  hashId(kind, JSON.stringify(content)).slice(0, SHORT);

/** What was fed, as a text to compare: prices, volumes, and whether trades are missing. */
export const barsFingerprint = (bars: readonly EngineBar[]): string =>
  fingerprint(
    'bars',
    bars.map(({ openAt, open, high, low, close, volume, buyVolume, trades, incomplete }) => [
      ...[openAt, open, high, low, close, volume, buyVolume, trades],
      incomplete,
    ]),
  );

/** What JSON cannot hold is not known. */
const plain = (value: GateValue): GateValue =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;

/** Gates as they are stored. */
export const plainGates = (gates: readonly Gate[]): Gate[] =>
  gates.map((gate) => ({ ...gate, input: plain(gate.input), threshold: plain(gate.threshold) }));

/** What is shown, as it is stored. */
export const plainView = (view: Step['audit']['view']): Step['audit']['view'] =>
  view === null
    ? null
    : Object.fromEntries(Object.entries(view).map(([name, value]) => [name, plain(value)]));

const gatesFingerprint = (gates: readonly Gate[]): string =>
  fingerprint(
    'gates',
    plainGates(gates).map(({ gate, input, comparison, threshold, passes }) => [
      ...[gate, input, comparison, threshold, passes],
    ]),
  );

/** What one bar came to, in the form in which two runs are compared. */
export type Decided = {
  readonly action: 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT' | 'CANCEL' | 'HOLD';
  readonly signalId: string | null;
  /** The first gate that failed, and what that is called. */
  readonly failing: string | null;
  readonly reason: Gate['reason'] | null;
  /** Fingerprint of all gates with their inputs. */
  readonly verdict: string;
};

/** What a step decided: of an emergency's two effects, the exit counts. */
export function decidedOf({ effects, audit }: Pick<Step, 'effects' | 'audit'>): Decided {
  const left = effects.find((effect) => effect.kind === 'signal');
  return {
    action: left?.signal.action ?? (effects.length > 0 ? 'CANCEL' : 'HOLD'),
    signalId: left?.signal.signalId ?? null,
    failing: audit.failing?.gate ?? null,
    reason: audit.failing?.reason ?? null,
    verdict: gatesFingerprint(audit.gates),
  };
}
