import type { SignalDoc } from '@tradewind/contracts/documents/execution';
import type { Tone } from '../../components/tone.ts';
import { blockingWords } from '../../lib/blocking-text.ts';
import type { Fault, Loaded } from '../../lib/loaded.ts';

/** Types of signals in words (UI-55). */
const SIGNAL_TYPES: Readonly<
  Record<SignalDoc['signalType'], { readonly word: string; readonly tone: Tone }>
> = {
  S1: { word: 'Opportunity', tone: 'warning' },
  O1: { word: 'Cancelled', tone: 'neutral' },
  Z1: { word: 'Entry', tone: 'positive' },
  ZE1: { word: 'Exit', tone: 'info' },
  E1: { word: 'Protection', tone: 'negative' },
};
const EXECUTION: Readonly<
  Record<SignalDoc['executionStatus'], { readonly word: string; readonly tone: Tone }>
> = {
  PENDING: { word: 'Deciding', tone: 'warning' },
  EXECUTED: { word: 'Executed', tone: 'positive' },
  CANCELLED: { word: 'Cancelled', tone: 'neutral' },
  REJECTED: { word: 'Rejected', tone: 'negative' },
  EXPIRED: { word: 'Expired', tone: 'neutral' },
};

export type SignalRow = {
  readonly signal: SignalDoc;
  readonly type: { readonly word: string; readonly tone: Tone };
  readonly outcome: { readonly word: string; readonly tone: Tone };
  /** Why it was not executed, in words. */
  readonly refused: string | null;
};

export type SignalsView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'rows';
      readonly rows: readonly SignalRow[];
      readonly faults: readonly Fault[];
      readonly stale: boolean;
    };

/** Decides what the panel shows; `strategyId` null shows all. */
export function signalsView(signals: Loaded<SignalDoc>, strategyId: string | null): SignalsView {
  if (signals.status === 'pending') return { kind: 'loading' };
  if (signals.status === 'error') return { kind: 'failed', message: signals.message };
  const rows = signals.data
    .filter((signal) => strategyId === null || signal.strategyId === strategyId)
    .map((signal) => ({
      signal,
      type: SIGNAL_TYPES[signal.signalType],
      outcome: EXECUTION[signal.executionStatus],
      refused: signal.rejectionReason === null ? null : blockingWords(signal.rejectionReason),
    }));
  return { kind: 'rows', rows, faults: signals.faults, stale: !signals.live };
}
