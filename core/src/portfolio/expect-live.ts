/** Of what was made on paper, planned to be missing live, in percent (EXE-81). */
const HAIRCUT_PCT = 20;
/** Slippage live against paper: at best, and at worst. */
const SLIPPAGE_TIMES = { least: 2, most: 3 } as const;

/** What a book made on paper; both in percent. */
export type PaperFigures = {
  readonly returnPct: number;
  /** Mean over its filled orders, positive against us; `null` = not known. */
  readonly slippagePct: number | null;
};

/** What to plan with where the same is traded live, in percent. */
export type LiveExpectation = {
  readonly returnPct: number;
  /** From, to; `null` where paper does not tell. */
  readonly slippagePct: readonly [least: number, most: number] | null;
};

/**
 * What to expect of a paper result in a live book: a fifth less of a gain and a fifth more of a loss, and two to three
 * times the slippage. Planning arithmetic and no promise; slippage that was in our favour is not counted on.
 */
export function expectLive({ returnPct, slippagePct }: PaperFigures): LiveExpectation {
  const paid = slippagePct === null ? null : Math.max(0, slippagePct);
  return {
    returnPct: returnPct - (Math.abs(returnPct) * HAIRCUT_PCT) / 100,
    slippagePct: paid === null ? null : [paid * SLIPPAGE_TIMES.least, paid * SLIPPAGE_TIMES.most],
  };
}
