import { normalCdf, normalQuantile, ROOT_TWO_PI } from './normal.ts';
import { roll, type Dice } from './dice.ts';
import { sizeOf, type Dimension, type Point, type Space } from './space.ts';

/** A combination that was tried; `null` where it failed, or made too few trades to be judged. */
export type Trial = { readonly point: Point; readonly score: number | null };

/** Share of the trials that counts as good. */
const GOOD_SHARE = 0.15;
/** Candidates drawn for each proposal. */
const CANDIDATES = 48;
/** Kernels are at least this wide, as a share of the dimension, so that no two trials close the search down. */
const MIN_WIDTH = 0.03;
/** What a choice's kernel leaves to the other choices. */
const OTHER_CHOICES = 0.25;

/** A dimension as the density model sees it: on [0, 1] where there is an order, else the number of a choice. */
type Axis = {
  readonly ordered: boolean;
  readonly from: number;
  readonly span: number;
  readonly size: number;
};

function axisOf(dimension: Dimension): Axis {
  const size = sizeOf(dimension);
  switch (dimension.kind) {
    case 'steps':
      // Half a step on either side, so that the first and the last step have as much room as the others.
      return { ordered: true, from: -0.5, span: size, size };
    case 'range':
      return { ordered: true, from: dimension.from, span: dimension.to - dimension.from, size };
    case 'choice':
      return { ordered: false, from: 0, span: 1, size };
  }
}

const toAxis = (axes: readonly Axis[], point: Point): Point =>
  axes.map(({ from, span }, index) => ((point[index] ?? 0) - from) / span);

const fromAxis = (axes: readonly Axis[], at: Point): Point =>
  axes.map(({ from, span, size }, index) => {
    const value = from + (at[index] ?? 0) * span;
    return Number.isFinite(size) ? Math.min(size - 1, Math.max(0, Math.round(value))) : value;
  });

/** A trial on the axes, and how much of its kernel lies on the axes at all: the same for every candidate. */
type Centre = { readonly at: Point; readonly inside: number };

/** A mixture of one kernel around each trial and one uniform over everything. */
type Mixture = {
  readonly axes: readonly Axis[];
  readonly centres: readonly Centre[];
  readonly width: number;
};

/** Share of a normal kernel that lies within [0, 1]. */
const within = (centre: number, width: number): number =>
  normalCdf((1 - centre) / width) - normalCdf(-centre / width);

function mixtureOf(axes: readonly Axis[], trials: readonly Point[]): Mixture {
  // Scott's rule for the width; 0.29 is the deviation of a uniform on [0, 1].
  const scott = 0.29 * Math.max(1, trials.length) ** (-1 / (axes.length + 4));
  const width = Math.max(MIN_WIDTH, scott);
  const centres = trials.map((at) => ({
    at,
    inside: axes.reduce(
      (share, { ordered }, index) =>
        ordered ? share * ROOT_TWO_PI * width * within(at[index] ?? 0, width) : share,
      1,
    ),
  }));
  return { axes, centres, width };
}

/** Density of one kernel relative to the uniform's. */
function kernel({ axes, width }: Mixture, { at: centre, inside }: Centre, at: Point): number {
  let squares = 0;
  let density = 1 / inside;
  for (let index = 0; index < axes.length; index += 1) {
    const axis = axes[index];
    const [c = 0, x = 0] = [centre[index], at[index]];
    if (axis === undefined) continue;
    if (axis.ordered) squares += (x - c) * (x - c);
    else density *= (c === x ? (1 - OTHER_CHOICES) * axis.size : 0) + OTHER_CHOICES;
  }
  return density * Math.exp((-0.5 * squares) / (width * width));
}

function densityOf(mixture: Mixture, at: Point): number {
  const sum = mixture.centres.reduce((total, centre) => total + kernel(mixture, centre, at), 1);
  return sum / (mixture.centres.length + 1);
}

function drawFrom({ axes, centres, width }: Mixture, dice: Dice): Point {
  const centre = centres[roll(dice, centres.length + 1)];
  return axes.map(({ ordered, size }, index) => {
    const u = dice();
    if (!ordered) {
      const isKept = centre !== undefined && u >= OTHER_CHOICES;
      return isKept ? (centre.at[index] ?? 0) : roll(dice, size);
    }
    if (centre === undefined) return u;
    const c = centre.at[index] ?? 0;
    const low = normalCdf(-c / width);
    return Math.min(1, Math.max(0, c + width * normalQuantile(low + u * within(c, width))));
  });
}

/** The best first; of equals the earlier one. Failures come last. */
const ranked = (trials: readonly Trial[]): readonly Trial[] =>
  trials
    .map((trial, index) => ({ trial, index }))
    .sort((a, b) => {
      const [x, y] = [a.trial.score ?? -Infinity, b.trial.score ?? -Infinity];
      return x === y ? a.index - b.index : y > x ? 1 : -1;
    })
    .map(({ trial }) => trial);

/**
 * Makes proposals that look more like the good trials than like the others: a tree-structured Parzen estimator
 * (Bergstra et al. 2011) with kernels over all dimensions at once, so that it sees that parameters belong together.
 * The largest ratio of the two densities is the largest expected improvement.
 */
export function parzenProposer(space: Space, trials: readonly Trial[]): (dice: Dice) => Point {
  const axes = space.map(axisOf);
  const order = ranked(trials).map(({ point }) => toAxis(axes, point));
  const goodCount = Math.max(2, Math.ceil(GOOD_SHARE * order.length));
  const good = mixtureOf(axes, order.slice(0, goodCount));
  const rest = mixtureOf(axes, order.slice(goodCount));
  return (dice) => {
    let best = drawFrom(good, dice);
    let bestRatio = -Infinity;
    for (let candidate = 0; candidate < CANDIDATES; candidate += 1) {
      const at = drawFrom(good, dice);
      const ratio = densityOf(good, at) / densityOf(rest, at);
      if (ratio > bestRatio) [best, bestRatio] = [at, ratio];
    }
    return fromAxis(axes, best);
  };
}
