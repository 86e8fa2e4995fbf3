import { DEFINITIONS, type Unit } from '@tradewind/core/backtest/definitions';
import type { Figures } from '@tradewind/core/backtest/statistics';
import { length } from '../../data/show.ts';

export type FigureId = keyof Figures;

/** Every figure's id, in the order of its definitions. */
export const FIGURE_IDS = Object.keys(DEFINITIONS) as readonly FigureId[];

const NONE = '–';

/** Digits after the point that leave something of small amounts to see. */
const digitsOf = (value: number): number => {
  const size = Math.abs(value);
  return size === 0 || size >= 1 ? 2 : Math.min(8, 3 - Math.floor(Math.log10(size)));
};

/** `1,234.50`, with a true minus. */
export const decimal = (value: number, digits: number): string =>
  value
    .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace(/^-(?=[0.,]*$)/, '')
    .replace('-', '−');

/** An amount of quote currency without its name. */
export const amount = (value: number): string => decimal(value, digitsOf(value));

/** An amount for a small place: `156.53M` from ten million on. */
export const shortAmount = (value: number): string =>
  Math.abs(value) < 1e7
    ? amount(value)
    : value
        .toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 })
        .replace('-', '−');

/** A price or size, as short as it is exact enough to read. */
export const price = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 8 }).replace('-', '−');

const plus = (value: number): string => (value > 0 ? '+' : '');

/** Percent with its sign. */
export const percent = (value: number): string => `${plus(value)}${decimal(value, 2)} %`;

const SHOWN: Readonly<Record<Unit, (value: number, quote: string) => string>> = {
  quote: (value, quote) => `${amount(value)} ${quote}`,
  percent: (value) => `${decimal(value, 2)} %`,
  share: (value) => `${decimal(value * 100, 1)} %`,
  multiple: (value) => decimal(value, 2),
  count: (value) => decimal(value, 0),
  time: (value) => (value === 0 ? NONE : length(value)),
  R: (value) => `${decimal(value, 2)} R`,
};

/** A figure in words; `–` where there is none, `∞` for the profit factor of trades that lost nothing. */
export function showFigure(id: FigureId, figures: Figures, quote: string): string {
  const value = figures[id];
  if (value !== null) return SHOWN[DEFINITIONS[id].unit](value, quote);
  return id === 'profitFactor' && (figures.bestTrade ?? 0) > 0 ? '∞' : NONE;
}

/** Figures whose sign is good or bad news. */
const SIGNED: ReadonlySet<FigureId> = new Set([
  'totalPnl',
  'totalReturnPct',
  'annualReturnPct',
  'returnOnDeployedPct',
  'returnOnTurnoverPct',
  'expectancy',
  'expectancyR',
  'averageWin',
  'averageLoss',
  'bestTrade',
  'worstTrade',
  'sharpe',
  'sortino',
  'calmar',
]);

/** The tone of an amount: good news, bad news, or none. */
export const toneOf = (value: number | null): 'positive' | 'negative' | 'neutral' =>
  value === null || value === 0 || Number.isNaN(value)
    ? 'neutral'
    : value > 0
      ? 'positive'
      : 'negative';

export const toneOfFigure = (id: FigureId, figures: Figures): ReturnType<typeof toneOf> =>
  SIGNED.has(id) ? toneOf(figures[id]) : 'neutral';
