/** A piece of the data to search in, and the piece after it to prove the choice on. Epoch milliseconds, ends excluded. */
export type ForwardWindow = {
  readonly from: number;
  /** End of what is searched, and begin of what it is proven on. */
  readonly cut: number;
  readonly to: number;
};

/** `anchored`: every search begins with the data; `rolling`: all search spans are equally long. */
export type Windowing = 'anchored' | 'rolling';

export type ForwardPlan = {
  readonly from: number;
  readonly to: number;
  /** How many pieces are proven on. */
  readonly windows: number;
  /** Length of the (first) search span in lengths of a proof. */
  readonly ratio: number;
  readonly windowing: Windowing;
  /** Length of a bar, milliseconds: cuts lie between bars. */
  readonly barMs: number;
};

/**
 * Divides a span so that the proofs follow each other without a gap up to its end.
 *
 * @throws RangeError where a piece would not hold a bar.
 */
export function forwardWindows(plan: ForwardPlan): readonly ForwardWindow[] {
  const { from, to, windows, ratio, windowing, barMs } = plan;
  const proof = (to - from) / (ratio + windows);
  if (!(windows >= 1) || !(ratio > 0) || !(Math.min(proof, proof * ratio) >= barMs))
    throw new RangeError('Invariant: every window of a walk forward holds a bar');
  const cutAt = (proofs: number): number =>
    from + Math.floor(((ratio + proofs) * proof) / barMs) * barMs;
  return Array.from({ length: windows }, (_, index) => ({
    from: windowing === 'anchored' ? from : from + Math.floor((index * proof) / barMs) * barMs,
    cut: cutAt(index),
    to: index === windows - 1 ? to : cutAt(index + 1),
  }));
}

/** Equity of one proof, a point a day, and the equity it began with. */
export type ProofEquity = {
  readonly initial: number;
  readonly final: number;
  readonly daily: readonly { readonly at: number; readonly equity: number }[];
};

type Stitched = {
  /** Equity as if it had been carried from proof to proof, 1 = the begin. */
  readonly curve: readonly { readonly at: number; readonly equity: number }[];
  readonly totalReturnPct: number;
  /** Deepest fall between days, percent of the peak. */
  readonly maxDrawdownPct: number;
};

/** Joins proofs to what somebody would have had who chose anew at every cut. */
export function stitch(proofs: readonly ProofEquity[]): Stitched {
  const curve: { at: number; equity: number }[] = [];
  let carried = 1;
  for (const { initial, final, daily } of proofs) {
    for (const { at, equity } of daily) {
      const point = { at, equity: carried * (equity / initial) };
      // A day that a cut falls into ends twice; the later end counts.
      if (curve.at(-1)?.at === at) curve.pop();
      curve.push(point);
    }
    carried *= final / initial;
  }
  let [peak, deepest] = [1, 0];
  for (const { equity } of curve) {
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, 1 - equity / peak);
  }
  return { curve, totalReturnPct: (carried - 1) * 100, maxDrawdownPct: deepest * 100 };
}

/** What was gained over how long; returns in percent. */
export type Gain = { readonly returnPct: number; readonly ms: number };

/** Mean logarithmic growth a day; -Infinity when all is lost. */
const growthPerDay = (gains: readonly Gain[]): number => {
  const [logs, ms] = gains.reduce(
    ([sum, time], gain) => [sum + Math.log1p(Math.max(-1, gain.returnPct / 100)), time + gain.ms],
    [0, 0],
  );
  return logs / (ms / 86_400_000);
};

/**
 * Growth a day outside of what was searched over that inside (Pardo's walk-forward efficiency): about 1 where the
 * choice holds, far below where it was fitted to the past.
 *
 * @returns `null` where nothing was gained inside, so that there is nothing to hold
 */
export function efficiency(inside: readonly Gain[], outside: readonly Gain[]): number | null {
  const inner = growthPerDay(inside);
  const ratio = growthPerDay(outside) / inner;
  return inner > 0 && Number.isFinite(ratio) ? ratio : null;
}
