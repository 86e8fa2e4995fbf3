import { err, ok, type Result } from './result.ts';

declare const unit: unique symbol;
type Unit<N extends string> = bigint & { readonly [unit]: N };

/** Quote currency per one base unit, scaled by SCALE. */
export type Price = Unit<'Price'>;
/** Base units, scaled by SCALE; never negative (direction lives in `side`). */
export type Qty = Unit<'Qty'>;
/** Quote currency amount, scaled by SCALE; signed. */
export type Money = Unit<'Money'>;

/** Decimals of every fixed-point unit. */
export const DECIMALS = 18;
/** One whole unit. */
export const SCALE = 10n ** BigInt(DECIMALS);

const DECIMAL_TEXT = /^(-?)(\d{1,24})(?:\.(\d+))?$/;

const POWERS = Array.from({ length: DECIMALS + 1 }, (_, exponent) => 10n ** BigInt(exponent));
const [ZERO, NINE, POINT] = [48, 57, 46];

/**
 * Up to 16 characters of digits with at most one point, as venues send them thousands of times a second, for a fraction
 * of what the expression and its texts cost. `undefined` for everything else, which takes the long way.
 */
function parseShort(text: string): bigint | undefined {
  if (text.length > 16) return undefined;
  let digits = 0;
  let point = -1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) digits = digits * 10 + (code - ZERO);
    else if (code === POINT && point < 0) point = index;
    else return undefined;
  }
  const decimals = point < 0 ? 0 : text.length - 1 - point;
  const isPlain = text.length > 0 && point !== 0 && point !== text.length - 1;
  const power =
    isPlain && digits <= Number.MAX_SAFE_INTEGER ? POWERS[DECIMALS - decimals] : undefined;
  return power === undefined ? undefined : BigInt(digits) * power;
}

/** Parses decimal text such as `-0.00012300` to a scaled integer; refuses more than 18 decimals. */
function parseScaled(text: string): Result<bigint, string> {
  const short = parseShort(text);
  if (short !== undefined) return ok(short);
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return err(`"${text}" is not a decimal number`);
  const [, sign, whole = '0', rawFraction = ''] = match;
  const fraction = rawFraction.replace(/0+$/, '');
  if (fraction.length > DECIMALS) return err(`"${text}" has more than ${DECIMALS} decimals`);
  const magnitude = BigInt(whole) * SCALE + BigInt(fraction.padEnd(DECIMALS, '0'));
  return ok(sign === '-' ? -magnitude : magnitude);
}

function parseUnsigned(text: string): Result<bigint, string> {
  const parsed = parseScaled(text);
  return parsed.ok && parsed.value < 0n ? err(`"${text}" is negative`) : parsed;
}

/** Parses an amount of quote currency; sign allowed. */
export const parseMoney = (text: string): Result<Money, string> =>
  parseScaled(text) as Result<Money, string>;
/** Parses a price >= 0. */
export const parsePrice = (text: string): Result<Price, string> =>
  parseUnsigned(text) as Result<Price, string>;
/** Parses a quantity >= 0. */
export const parseQty = (text: string): Result<Qty, string> =>
  parseUnsigned(text) as Result<Qty, string>;

const orThrow = <T>(parsed: Result<T, string>): T => {
  if (!parsed.ok) throw new RangeError(`Invariant: ${parsed.error}`);
  return parsed.value;
};

/** Price from decimal text that is known to be good. @throws RangeError otherwise. */
export const price = (text: string): Price => orThrow(parsePrice(text));
/** Quantity from decimal text that is known to be good. @throws RangeError otherwise. */
export const qty = (text: string): Qty => orThrow(parseQty(text));
/** Money from decimal text that is known to be good. @throws RangeError otherwise. */
export const money = (text: string): Money => orThrow(parseMoney(text));

export const ZERO_PRICE = price('0');
export const ZERO_QTY = qty('0');
export const ZERO_MONEY = money('0');

/** Whether a value is one of these units: nothing else is kept as a bigint. */
export const isUnit = (value: unknown): value is Price | Qty | Money => typeof value === 'bigint';

const SHORT_DECIMALS = 8;
/** What the last of eight decimals counts, and how many of those make one. */
const SHORT_STEP = 10n ** BigInt(DECIMALS - SHORT_DECIMALS);
const SHORT_SCALE = 10 ** SHORT_DECIMALS;
const FLOAT_SCALE = Number(SCALE);
/** Up to here a count of steps is exact as a float. */
const MOST_STEPS = BigInt(Number.MAX_SAFE_INTEGER) * SHORT_STEP;

/** Steps of the eighth decimal, where that is exact: nearly every price, size and amount of a venue. */
function shortSteps(value: bigint): number | undefined {
  if (value > MOST_STEPS || value < -MOST_STEPS) return undefined;
  const steps = value / SHORT_STEP;
  return steps * SHORT_STEP === value ? Number(steps) : undefined;
}

/** Decimal text without trailing zeros: the wire form of every unit (ARC-21). */
export function formatDecimal(value: Price | Qty | Money): string {
  const short = shortSteps(value);
  if (short !== undefined) return formatSteps(short);
  const negative = value < 0n;
  const digits = value
    .toString()
    .replace('-', '')
    .padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS);
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function formatSteps(steps: number): string {
  const size = Math.abs(steps);
  const rest = size % SHORT_SCALE;
  const whole = `${steps < 0 ? '-' : ''}${(size - rest) / SHORT_SCALE}`;
  if (rest === 0) return whole;
  let digits = rest;
  let places = SHORT_DECIMALS;
  while (digits % 10 === 0) {
    digits /= 10;
    places -= 1;
  }
  return `${whole}.${String(digits).padStart(places, '0')}`;
}

/** Up to here steps of the eighth decimal are found from the float itself. */
const MOST_NEAR = 1e7;

/**
 * A float for indicators, charts and sorting, never for deciding a size or booking P&L: the nearest one for up to eight
 * decimals, and for more of them below a hundredth, as venues' figures are; for all others at most its neighbour.
 */
export function toNumber(value: Price | Qty | Money): number {
  const near = Number(value) / FLOAT_SCALE;
  if (near > MOST_NEAR || near < -MOST_NEAR) {
    const short = shortSteps(value);
    return short === undefined ? near : short / SHORT_SCALE;
  }
  const steps = Math.round(near * SHORT_SCALE);
  const short = steps / SHORT_SCALE;
  // Where both steps and scale are exact, their quotient is the nearest float; mostly it is the one that is there already.
  return short === near || BigInt(steps) * SHORT_STEP !== value ? near : short;
}

/** Which way a division or conversion that is not exact goes, on the number line. */
export type Rounding = 'floor' | 'ceil';

function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator <= 0n) throw new RangeError('Invariant: divisor is positive');
  // Cut off towards zero, which mostly is the way that is asked for.
  const quotient = numerator / denominator;
  if (numerator >= 0n === (rounding === 'floor')) return quotient;
  // To multiply again is cheaper than to divide for the rest.
  if (quotient * denominator === numerator) return quotient;
  return rounding === 'floor' ? quotient - 1n : quotient + 1n;
}

/** A float tells decimals of up to so many digits apart. */
const FLOAT_DIGITS = 1e15;

/**
 * A float whose shortest decimal form has few decimals, as venues' have, for a fraction of what its text costs.
 * `undefined` for all others.
 */
function fromShortFloat(x: number): bigint | undefined {
  let scale = 1;
  for (let decimals = 0; decimals <= SHORT_DECIMALS; decimals += 1) {
    const digits = Math.round(x * scale);
    if (digits >= FLOAT_DIGITS || digits <= -FLOAT_DIGITS) return undefined;
    // No other decimal of so few digits has this float for its nearest.
    if (digits / scale === x) return BigInt(digits) * (POWERS[DECIMALS - decimals] ?? 0n);
    scale *= 10;
  }
  return undefined;
}

/** Scaled integer nearest to a float in the given direction, from its shortest decimal form. */
function fromFloat(x: number, rounding: Rounding): bigint {
  if (!Number.isFinite(x)) throw new RangeError(`Invariant: a number is finite, was ${x}`);
  const short = fromShortFloat(x);
  if (short !== undefined) return short;
  const [mantissa = '0', exponent = '0'] = x.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + DECIMALS;
  return shift >= 0
    ? digits * 10n ** BigInt(shift)
    : divide(digits, 10n ** BigInt(-shift), rounding);
}

/** Float to price, rounded as told. @throws RangeError when not finite or negative. */
export function priceFromFloat(x: number, rounding: Rounding): Price {
  if (x < 0) throw new RangeError(`Invariant: a price is >= 0, was ${x}`);
  return fromFloat(x, rounding) as Price;
}
/** Float to quantity, rounded as told. @throws RangeError when not finite or negative. */
export function qtyFromFloat(x: number, rounding: Rounding): Qty {
  if (x < 0) throw new RangeError(`Invariant: a quantity is >= 0, was ${x}`);
  return fromFloat(x, rounding) as Qty;
}
/** Float to money, rounded as told. @throws RangeError when not finite. */
export const moneyFromFloat = (x: number, rounding: Rounding): Money =>
  fromFloat(x, rounding) as Money;

/** A unit as the integer that it is. */
const plain = (value: bigint): bigint => value;

export const addMoney = (a: Money, b: Money): Money => (a + b) as Money;
export const subMoney = (a: Money, b: Money): Money => (a - b) as Money;
export const negMoney = (a: Money): Money => (0n - a) as Money;
export const maxMoney = (a: Money, b: Money): Money => (a > b ? a : b);
export const minMoney = (a: Money, b: Money): Money => (a < b ? a : b);
export const sumMoney = (amounts: readonly Money[]): Money =>
  amounts.reduce((sum, amount) => addMoney(sum, amount), ZERO_MONEY);
/** An amount of quote currency that a venue reports as a quantity of it, such as a fee. */
export const quoteMoney = (amount: Qty): Money => plain(amount) as Money;
export const addQty = (a: Qty, b: Qty): Qty => (a + b) as Qty;
/** @throws RangeError when `b` exceeds `a`. */
export function subQty(a: Qty, b: Qty): Qty {
  if (b > a) throw new RangeError(`Invariant: ${formatDecimal(b)} is at most ${formatDecimal(a)}`);
  return (a - b) as Qty;
}
export const minQty = (a: Qty, b: Qty): Qty => (a < b ? a : b);
export const maxPrice = (a: Price, b: Price): Price => (a > b ? a : b);
export const minPrice = (a: Price, b: Price): Price => (a < b ? a : b);

/** `distance` above (1) or below (-1) `px`. @throws RangeError when that is no price. */
export function priceApart(px: Price, distance: Price, direction: 1 | -1): Price {
  const apart = direction === 1 ? px + distance : px - distance;
  if (apart < 0n)
    throw new RangeError(`Invariant: ${formatDecimal(distance)} is at most the price`);
  return apart as Price;
}

/** `px * quantity`. Exact whenever the two together have at most 18 decimals, as venues' do. */
export const notional = (px: Price, quantity: Qty, rounding: Rounding): Money =>
  divide(px * quantity, SCALE, rounding) as Money;

/** `count` steps of `step`. @throws RangeError unless `count` is a whole number >= 0. */
export const priceOfSteps = (step: Price, count: number): Price => timesSteps(step, count) as Price;
/** `count` steps of `step`. @throws RangeError unless `count` is a whole number >= 0. */
export const qtyOfSteps = (step: Qty, count: number): Qty => timesSteps(step, count) as Qty;

function timesSteps(step: bigint, count: number): bigint {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`Invariant: a number of steps is whole and >= 0, was ${count}`);
  return step * BigInt(count);
}

/** Quantity that `amount` buys at `px`. @throws RangeError unless `px` > 0 and `amount` >= 0. */
export function qtyFor(amount: Money, px: Price, rounding: Rounding): Qty {
  if (amount < 0n) throw new RangeError('Invariant: an amount to spend is >= 0');
  return divide(amount * SCALE, px, rounding) as Qty;
}

/** Average price `cost / quantity`, for display and stops. @throws RangeError unless `quantity` > 0. */
export const averagePrice = (cost: Money, quantity: Qty, rounding: Rounding): Price =>
  divide(cost * SCALE, quantity, rounding) as Price;

/** The share `part / whole` of `amount`. @throws RangeError unless `whole` > 0. */
export const shareOf = (
  amount: Money,
  { part, whole }: { readonly part: Qty; readonly whole: Qty },
  rounding: Rounding,
): Money => divide(amount * part, whole, rounding) as Money;

/** `px` moved by `pct` percent (5 = 5 %, ARC-23), in steps of a millionth of a percent. */
export function movePrice(px: Price, pct: number, rounding: Rounding): Price {
  if (pct === 0) return px;
  const factor = 100_000_000n + BigInt(Math.round(pct * 1_000_000));
  if (factor < 0n) throw new RangeError(`Invariant: a price cannot fall by ${-pct} %`);
  return divide(px * factor, 100_000_000n, rounding) as Price;
}

/** `pct` percent of `amount`, in steps of a millionth of a percent. */
export const percentOf = (amount: Money, pct: number, rounding: Rounding): Money =>
  pct === 100
    ? amount
    : (divide(amount * BigInt(Math.round(pct * 1_000_000)), 100_000_000n, rounding) as Money);

/** `quantity` less a fee of `rate` (0.001 = 0.1 %) taken in base: the fee, rounded as told. */
export const feeQty = (quantity: Qty, rate: number, rounding: Rounding): Qty =>
  divide(quantity * BigInt(Math.round(rate * 1e9)), 1_000_000_000n, rounding) as Qty;

/** A fee of `rate` (0.001 = 0.1 %) on `amount`, rounded as told. */
export const feeMoney = (amount: Money, rate: number, rounding: Rounding): Money =>
  divide(amount * BigInt(Math.round(rate * 1e9)), 1_000_000_000n, rounding) as Money;

/** `a` as percent of `b`, as a float. `undefined` when `b` is not positive. */
export const percentRatio = (a: Money, b: Money): number | undefined =>
  b > 0n ? (toNumber(a) / toNumber(b)) * 100 : undefined;

function toStep(value: bigint, step: bigint, rounding: Rounding): bigint {
  if (step <= 0n) throw new RangeError('Invariant: a step is positive');
  // Towards zero.
  const rest = value % step;
  if (rest === 0n) return value;
  const cut = value - rest;
  if (rounding === 'floor') return rest < 0n ? cut - step : cut;
  return rest > 0n ? cut + step : cut;
}

/** `value` on the tick grid. @throws RangeError unless `tick` > 0. */
export const roundPrice = (value: Price, tick: Price, rounding: Rounding): Price =>
  toStep(value, tick, rounding) as Price;
/** `value` on the lot grid. @throws RangeError unless `lot` > 0. */
export const roundQty = (value: Qty, lot: Qty, rounding: Rounding): Qty =>
  toStep(value, lot, rounding) as Qty;

/** Quote money as an amount of its asset, as a venue counts a balance. @throws RangeError when negative. */
export function amountOf(value: Money): Qty {
  if (value < 0n) throw new RangeError('Invariant: an amount of an asset is >= 0');
  return plain(value) as Qty;
}

/** An amount of the quote asset as money. */
export const moneyOf = (amount: Qty): Money => plain(amount) as Money;
