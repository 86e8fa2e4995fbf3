import type { Price } from '@tradewind/core/lib/units';
import type {
  Costs,
  Deviation,
  Expected,
  OrderAnalysis,
} from '@tradewind/core/portfolio/order-analysis';
import type { ReactNode } from 'react';
import { Facts } from './facts.tsx';
import { decimalsOf, formatNumber } from '../lib/format.ts';
import styles from './order-analysis.module.css';

type Units = { readonly quote: string; readonly tick: Price | undefined };

/** What an order was expected to come to, and what it came to where it has ended (PF-17). */
export type BeforeAfter = Omit<OrderAnalysis, 'actual'> & { readonly actual: Costs | null };

const FIELDS = [
  ['price', 'Price'],
  ['sizeQuote', 'Size'],
  ['feeQuote', 'Fees'],
  ['slippagePct', 'Slippage'],
  ['latencyMs', 'Answer'],
] as const;

function textOf(field: keyof Costs, value: number | null, { quote, tick }: Units): string {
  if (value === null) return '–';
  switch (field) {
    case 'price':
      return formatNumber(value, tick === undefined ? 4 : Math.max(2, decimalsOf(tick)));
    case 'sizeQuote':
    case 'feeQuote':
      return `${formatNumber(value, 2)} ${quote}`;
    case 'slippagePct':
      return `${formatNumber(value, 3)} %`;
    case 'latencyMs':
      return `${formatNumber(value, 0)} ms`;
  }
}

/** What was known of an entry beside its costs. */
const riskFacts = ({ riskToStop, breakEvenPct, limitUsed }: Expected, { quote }: Units) => [
  ...(riskToStop === null
    ? []
    : [['Risk to its stop', `${formatNumber(riskToStop, 2)} ${quote}`] as const]),
  ...(breakEvenPct === null
    ? []
    : [['Break-even move', `${formatNumber(breakEvenPct, 2)} %`] as const]),
  ...(limitUsed === null
    ? []
    : [['Nearest limit', `${limitUsed.check}, ${formatNumber(limitUsed.pct, 0)} % used`] as const]),
];

function Figure({
  field,
  of: { expected, actual, deviations },
  units,
}: {
  readonly field: keyof Costs;
  readonly of: BeforeAfter;
  readonly units: Units;
}) {
  const before = textOf(field, expected[field], units);
  if (actual === null) return <>{before}</>;
  const off = deviations.find((one) => one.field === field);
  return (
    <>
      <span className={styles['muted']}>{before} →</span>{' '}
      <span className={off === undefined ? undefined : styles['warn']}>
        {textOf(field, actual[field], units)}
      </span>
    </>
  );
}

const ruleText = ({ offPct, rule }: Deviation): string =>
  `${offPct > 0 ? '+' : ''}${formatNumber(offPct, 0)} %: ${rule}`;

/** Before and after of a trade's first entry and its last exit, beside each other. */
export const AnalysisPair = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles['pair']}>{children}</div>
);

/** Before and after of one order. */
export function Analysis({
  title,
  of,
  quote,
  tick,
}: {
  readonly title: string;
  /** `null` = it was not kept. */
  readonly of: BeforeAfter | null;
} & Units) {
  const units = { quote, tick };
  return (
    <div>
      <h3 className={styles['title']}>{title}</h3>
      {of === null ? (
        <p className={styles['muted']}>Not known.</p>
      ) : (
        <>
          <Facts
            facts={[
              ...FIELDS.map(
                ([field, name]) =>
                  [name, <Figure key={field} field={field} of={of} units={units} />] as const,
              ),
              ...riskFacts(of.expected, units),
            ]}
          />
          <ul className={styles['list']}>
            {of.deviations.map((deviation) => (
              <li key={deviation.field} className={styles['warn']}>
                {ruleText(deviation)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
