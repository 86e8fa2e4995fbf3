import type { Dimension, ParamValue, Space } from '@tradewind/core/optimise/space';
import type { Significance } from './search-run.ts';

/** A figure for people; `–` where it is not defined. */
export const shown = (value: number | null, digits = 2): string =>
  value === null ? '–' : value.toFixed(digits);

/** A probability; very small ones are not shown as nothing. */
export const probability = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

const dimensionText = (dimension: Dimension): string => {
  switch (dimension.kind) {
    case 'steps':
      return `${dimension.path}=${dimension.from}..${dimension.to}:${dimension.step}`;
    case 'range':
      return `${dimension.path}=${dimension.from}..${dimension.to}`;
    case 'choice':
      return `${dimension.path}=${dimension.values.join(',')}`;
  }
};

/** A space as `--space` takes it. */
export const spaceTexts = (space: Space): readonly string[] => space.map(dimensionText);

export const valuesText = (values: Readonly<Record<string, ParamValue>>): string =>
  Object.entries(values)
    .map(([path, value]) => `${path}=${String(value)}`)
    .join(' ');

/** Whether the best of a search is taken for more than luck: both tests have to say so. */
const isBeyondLuck = ({ deflation, realityCheck }: Significance): boolean =>
  deflation.deflatedSharpe >= 0.95 && realityCheck.pValue <= 0.05;

/** What the number of combinations does to what the best of them proves. */
export function significanceWords(significance: Significance | null): readonly string[] {
  if (significance === null) return ['Too few returns to tell skill from luck: give more data.'];
  const { basis, deflation, realityCheck } = significance;
  const perYear = Math.sqrt(basis === 'daily' ? 365 : 365 * 24);
  const yearly = (sharpe: number): string => (sharpe * perYear).toFixed(2);
  const { trials, periods, deflatedSharpe } = deflation;
  const span = `${periods} ${basis === 'daily' ? 'days' : 'hours'}`;
  if (deflation.bestSharpe <= 0) return ['Even the best loses: there is nothing to correct.'];
  return [
    `Tried ${trials} combinations on ${span}. The best Sharpe ratio of ${trials} random strategies over as long is expected to be`,
    `${yearly(deflation.expectedBestOfIndependent)} a year by luck alone, and ${yearly(deflation.expectedBestSharpe)} where they are as alike as these are. The best here has ${yearly(deflation.bestSharpe)}.`,
    `  Deflated Sharpe ratio  ${deflatedSharpe.toFixed(3)}: the probability that it is better than the luck of such as these; 0.95 is asked for`,
    `  p-value, tried alone   ${probability(deflation.pAlone)}`,
    `  Bonferroni             ${probability(deflation.pBonferroni)} for ${trials}; ${deflation.significantByHolm} of them stand at 5 % (Holm)`,
    `  Reality check          ${probability(realityCheck.pValue)} (${realityCheck.resamples} resamples; knows how alike they are)`,
    isBeyondLuck(significance)
      ? 'The best is more than the luck of the best. That it goes on is for a walk forward to show.'
      : 'The best is no more than what trying so many brings by luck.',
  ];
}
