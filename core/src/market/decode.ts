import { DECIMALS, type Price, type Qty } from '../lib/units.ts';
import type { Grid } from './grid.ts';

/** A grid's step as `multiple × 10^-decimals`: 0.25 is 25 × 10^-2. */
export type StepScale = { readonly decimals: number; readonly multiple: number };

/** How a market's decimal text becomes steps. */
export type TickScale = { readonly price: StepScale; readonly size: StepScale };

const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const [ZERO, NINE, POINT] = [48, 57, 46];

function scaleOf(step: Price | Qty): StepScale {
  let [multiple, decimals] = [BigInt(step), DECIMALS];
  while (decimals > 0 && multiple % 10n === 0n) {
    multiple /= 10n;
    decimals -= 1;
  }
  return { decimals, multiple: Number(multiple) };
}

/** Worked out once for a market, so that each trade is decoded without big integers. */
export const tickScale = ({ tick, lot }: Grid): TickScale => ({
  price: scaleOf(tick),
  size: scaleOf(lot),
});

/** `digits × 10^-fraction` in steps, if that is a whole number which a float counts. */
function toSteps(digits: number, fraction: number, scale: StepScale): number | undefined {
  const { decimals, multiple } = scale;
  const power = POWERS[decimals - fraction];
  // More digits than the step has: zeros at the end were left out, so it is off the grid.
  if (power === undefined || !(digits * power <= Number.MAX_SAFE_INTEGER)) return undefined;
  const scaled = digits * power;
  return multiple === 1 ? scaled : scaled % multiple === 0 ? scaled / multiple : undefined;
}

/**
 * Whole steps of a decimal text such as `61837.63000000`, exactly: a tenth of what the way over `Price` costs.
 *
 * `undefined` when it is not plain digits with at most one point, off the grid, or beyond 2^53 steps.
 */
export function stepsOfText(text: string, scale: StepScale): number | undefined {
  let digits = 0;
  let fraction = 0;
  let zeros = 0;
  let point = -1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      if (point < 0) digits = digits * 10 + (code - ZERO);
      else if (code === ZERO) zeros += 1;
      else {
        fraction += zeros + 1;
        digits = digits * (POWERS[zeros + 1] ?? Infinity) + (code - ZERO);
        zeros = 0;
      }
    } else if (code === POINT && point < 0) point = index;
    else return undefined;
  }
  const isPlain = text.length > 0 && point !== 0 && point !== text.length - 1;
  return isPlain && digits <= Number.MAX_SAFE_INTEGER
    ? toSteps(digits, fraction, scale)
    : undefined;
}
