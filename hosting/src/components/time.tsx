import type { EpochMs } from '@tradewind/core/lib/time';
import { formatFull, formatMoment, formatUtc } from '../lib/time-format.ts';

/** A moment in the user's zone, with UTC in the tooltip (UI-04). */
export function Time({ at, reference }: { readonly at: EpochMs; readonly reference?: EpochMs }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
      {reference === undefined ? formatFull(at) : formatMoment(at, reference)}
    </time>
  );
}
