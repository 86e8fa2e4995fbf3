// Writes indicators.csv, which the contract suite compares the streaming indicators with:
//
//   node core/src/indicator/reference/make-reference.mjs > core/src/indicator/reference/indicators.csv
//
// Every value is worked out anew from the bars up to its row, straight from the textbook's formula: slow on
// purpose, and sharing no line with the streaming versions. Empty = not ready, or not defined.

const ROWS = 260;

/** A linear congruential generator (Numerical Recipes), so that the bars are the same everywhere. */
let seed = 20_260_101;
const random = () => (seed = (1_664_525 * seed + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
const tenth = (x) => Math.round(x * 10) / 10;

/** A walk on a grid of 0.1: trends, a flat stretch, ties, doubled prices, bars without volume. */
function makeBars() {
  const bars = [];
  let close = 1_000;
  for (let i = 0; i < ROWS; i += 1) {
    const open = close;
    const flat = i >= 150 && i < 185;
    const drift = i < 60 ? 0.6 : i < 120 ? -0.8 : 0;
    if (!flat) close = tenth(open + drift + 6 * (random() - 0.5));
    const high = flat ? close : tenth(Math.max(open, close) + 2 * random());
    const low = flat ? close : tenth(Math.min(open, close) - 2 * random());
    const volume = flat || i % 41 === 40 ? 0 : Math.round(1_000 * random()) / 8;
    bars.push({ open, high, low, close, volume });
  }
  // Up-move and down-move of equal size, and an inside bar.
  const [before, tie, inside] = [bars[80], bars[81], bars[82]];
  tie.high = tenth(before.high + 1.5);
  tie.low = tenth(before.low - 1.5);
  inside.high = tenth(tie.high - 0.2);
  inside.low = tenth(tie.low + 0.2);
  return bars;
}

const bars = makeBars();
const of = (name) => bars.map((bar) => bar[name]);
const [highs, lows, closes, volumes] = ['high', 'low', 'close', 'volume'].map(of);

// Short words for windows: `last(xs, i, n)` are the n values up to and with row i.
const last = (xs, i, n) => (i + 1 < n ? undefined : xs.slice(i + 1 - n, i + 1));
const total = (xs) => xs.reduce((sum, x) => sum + x, 0);
const rests = (xs) => xs.every((x) => x === xs[0]);
const mean = (xs) => total(xs) / xs.length;
const defined = (xs) => xs !== undefined && xs.every((x) => x !== undefined);
const rows = (f) => bars.map((_, i) => f(i));
const over = (xs, n, f) =>
  rows((i) => (defined(last(xs, i, n)) ? f(last(xs, i, n), i) : undefined));

const sma = (xs, n) => over(xs, n, mean);

/** Recursive means as their definition reads: a seed, then every later value, from the start, each time. */
function smoothed(xs, n, step) {
  const first = xs.findIndex((x) => x !== undefined);
  return rows((i) => {
    if (first < 0 || i < first + n - 1) return undefined;
    return xs.slice(first + n, i + 1).reduce(step, mean(xs.slice(first, first + n)));
  });
}
const ema = (xs, n) => smoothed(xs, n, (e, x) => (2 * x) / (n + 1) + e * (1 - 2 / (n + 1)));
const wilder = (xs, n) => smoothed(xs, n, (e, x) => x / n + e * (1 - 1 / n));

const changes = rows((i) => (i === 0 ? undefined : closes[i] - closes[i - 1]));
const part = (sign) => changes.map((x) => (x === undefined ? undefined : Math.max(0, sign * x)));
const rsiOf = (average, n) => {
  const [ups, downs] = [average(part(1), n), average(part(-1), n)];
  return rows((i) => {
    if (ups[i] === undefined) return undefined;
    if (downs[i] === 0) return ups[i] === 0 ? 50 : 100;
    return 100 - 100 / (1 + ups[i] / downs[i]);
  });
};

/** MACD: the fast average starts so late that both seeds end on one bar. */
function macd(fast, slow, signalLength) {
  const late = closes.map((x, i) => (i < slow - fast ? undefined : x));
  const [quick, lazy] = [ema(late, fast), ema(closes, slow)];
  const line = rows((i) => (lazy[i] === undefined ? undefined : quick[i] - lazy[i]));
  const signal = ema(line, signalLength);
  const ready = (xs) => rows((i) => (signal[i] === undefined ? undefined : xs[i]));
  return {
    line: ready(line),
    signal,
    histogram: rows((i) => (signal[i] === undefined ? undefined : line[i] - signal[i])),
  };
}

const ranges = rows((i) =>
  i === 0
    ? undefined
    : Math.max(
        highs[i] - lows[i],
        Math.abs(highs[i] - closes[i - 1]),
        Math.abs(lows[i] - closes[i - 1]),
      ),
);

/** Wilder 1978: sums of the first n - 1 moves, then one part in n fades with each bar. */
function adx(n) {
  const moves = (sign) =>
    rows((i) => {
      if (i === 0) return undefined;
      const up = highs[i] - highs[i - 1];
      const down = lows[i - 1] - lows[i];
      const [mine, other] = sign > 0 ? [up, down] : [down, up];
      return mine > other && mine > 0 ? mine : 0;
    });
  const sums = (xs) =>
    rows((i) =>
      i < n
        ? undefined
        : xs.slice(n, i + 1).reduce((sum, x) => sum * (1 - 1 / n) + x, total(xs.slice(1, n))),
    );
  const [plus, minus, range] = [sums(moves(1)), sums(moves(-1)), sums(ranges)];
  const di = (xs) => rows((i) => (i < 2 * n - 1 ? undefined : (100 * xs[i]) / range[i]));
  const dx = rows((i) =>
    i < n ? undefined : (100 * Math.abs(plus[i] - minus[i])) / (plus[i] + minus[i]),
  );
  return { adx: wilder(dx, n), plus: di(plus), minus: di(minus) };
}

const deviation = (xs, divisor) => Math.sqrt(total(xs.map((x) => (x - mean(xs)) ** 2)) / divisor);
function bollinger(n, k) {
  const middle = sma(closes, n);
  const sigma = over(closes, n, (xs) => deviation(xs, n));
  const band = (side) => rows((i) => (i < n - 1 ? undefined : middle[i] + side * k * sigma[i]));
  const [upper, lower] = [band(1), band(-1)];
  return {
    upper,
    middle,
    lower,
    percentB: rows((i) =>
      i < n - 1 || rests(last(closes, i, n))
        ? undefined
        : (closes[i] - lower[i]) / (upper[i] - lower[i]),
    ),
    bandwidth: rows((i) => (i < n - 1 ? undefined : (upper[i] - lower[i]) / middle[i])),
  };
}

const place = (n, f) =>
  rows((i) => {
    if (i + 1 < n) return undefined;
    const [top, bottom] = [Math.max(...last(highs, i, n)), Math.min(...last(lows, i, n))];
    return top === bottom ? undefined : f(closes[i], top, bottom);
  });
/** Means of the defined values only: a bar without range has none and is left out. */
function skipping(xs, n) {
  return rows((i) => {
    const known = xs.slice(0, i + 1).filter((x) => x !== undefined);
    return xs[i] === undefined || known.length < n ? undefined : mean(known.slice(-n));
  });
}
function stochastic(n, smooth, signal) {
  const raw = place(n, (c, top, bottom) => (100 * (c - bottom)) / (top - bottom));
  const k = skipping(raw, smooth);
  const d = skipping(k, signal);
  return { k: rows((i) => (d[i] === undefined ? undefined : k[i])), d };
}

const typical = rows((i) => (highs[i] + lows[i] + closes[i]) / 3);
const cci = (n) =>
  over(typical, n, (xs) => {
    if (rests(xs)) return undefined;
    const distance = mean(xs.map((x) => Math.abs(x - mean(xs))));
    return (xs[n - 1] - mean(xs)) / (0.015 * distance);
  });

const obv = rows((i) =>
  total(volumes.slice(0, i + 1).map((v, j) => (j === 0 ? v : v * Math.sign(changes[j])))),
);
const roc = (xs, n) =>
  rows((i) => (i < n || xs[i - n] === 0 ? undefined : 100 * (xs[i] / xs[i - n] - 1)));

const returns = rows((i) => (i === 0 ? undefined : Math.log(closes[i]) - Math.log(closes[i - 1])));
const volatility = (n) =>
  over(returns, n, (xs) => Math.min(1, deviation(xs, n) * Math.sqrt(1_440)));
const autocorrelation = (n) =>
  over(returns, n + 1, (xs) => {
    const [x, y] = [xs.slice(0, -1), xs.slice(1)];
    const [mx, my] = [mean(x), mean(y)];
    const common = total(x.map((each, j) => (each - mx) * (y[j] - my)));
    const spread = Math.sqrt(
      total(x.map((each) => (each - mx) ** 2)) * total(y.map((each) => (each - my) ** 2)),
    );
    return spread === 0 ? undefined : common / spread;
  });

const [m, a, b] = [macd(12, 26, 9), adx(14), bollinger(20, 2)];
const [fast, slow] = [stochastic(14, 1, 3), stochastic(14, 3, 3)];
const atr = wilder(ranges, 14);
const mean20 = sma(closes, 20);
const columns = {
  sma20: mean20,
  ema20: ema(closes, 20),
  rsi14: rsiOf(wilder, 14),
  cutlerRsi14: rsiOf(sma, 14),
  macdLine: m.line,
  macdSignal: m.signal,
  macdHistogram: m.histogram,
  bbUpper: b.upper,
  bbMiddle: b.middle,
  bbLower: b.lower,
  bbPercentB: b.percentB,
  bbBandwidth: b.bandwidth,
  atr14: atr,
  atrPercent: rows((i) => (i < 19 ? undefined : (100 * atr[i]) / mean20[i])),
  adx14: a.adx,
  plusDi14: a.plus,
  minusDi14: a.minus,
  stochFastK: fast.k,
  stochFastD: fast.d,
  stochSlowK: slow.k,
  stochSlowD: slow.d,
  cci20: cci(20),
  williamsR14: place(14, (c, top, bottom) => (-100 * (top - c)) / (top - bottom)),
  obv,
  volumeRoc12: roc(volumes, 12),
  realisedVolatility60: volatility(60),
  autocorrelation60: autocorrelation(60),
};

const text = (x) => (x === undefined ? '' : String(Number(x.toPrecision(14))));
console.log(['open,high,low,close,volume', ...Object.keys(columns)].join(','));
bars.forEach(({ open, high, low, close, volume }, i) => {
  const values = Object.values(columns).map((column) => text(column[i]));
  console.log([open, high, low, close, volume, ...values].join(','));
});
