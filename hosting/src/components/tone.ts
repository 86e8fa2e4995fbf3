/** Meaning of a colour; a sign, an icon or a word always says it too (UI-10). */
export type Tone = 'positive' | 'negative' | 'warning' | 'info' | 'neutral';

/** Tone of a signed amount. */
export const toneOf = (value: bigint | number | undefined | null): Tone =>
  value === undefined || value === null || Number(value) === 0
    ? 'neutral'
    : value > 0
      ? 'positive'
      : 'negative';
