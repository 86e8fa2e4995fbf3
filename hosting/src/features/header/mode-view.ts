import type { BookDoc } from '@tradewind/contracts/documents/book';
import type { ClockDoc } from '@tradewind/contracts/documents/market';
import type { Tone } from '../../components/tone.ts';
import { formatNumber } from '../../lib/format.ts';

/** Which money and which market this is; always visible (UI-06). */
export type ModeView = {
  readonly mode: { readonly word: string; readonly tone: Tone };
  /** What is not the live market says so in capitals. */
  readonly origin: { readonly word: 'SIMULATED' | 'RECORDED'; readonly feed: string } | null;
  /** `×60` while market time does not run with the wall clock. */
  readonly speed: string | null;
};

const MODES: Readonly<Record<BookDoc['mode'], { readonly word: string; readonly tone: Tone }>> = {
  paper: { word: 'PAPER', tone: 'info' },
  small: { word: 'SMALL', tone: 'warning' },
  full: { word: 'FULL', tone: 'negative' },
};

/** The less real of clock and book counts: nothing simulated may look live. */
export function modeView(book: BookDoc, clock: ClockDoc | undefined): ModeView {
  const origins = [book.origin, clock?.dataOrigin ?? 'live'];
  const word = origins.includes('synthetic')
    ? 'SIMULATED'
    : origins.includes('recorded')
      ? 'RECORDED'
      : null;
  const speed = clock?.speed ?? 1;
  return {
    mode: MODES[book.mode],
    origin: word === null ? null : { word, feed: clock?.feed ?? '' },
    speed: speed === 1 ? null : `×${formatNumber(speed, Number.isInteger(speed) ? 0 : 2)}`,
  };
}
