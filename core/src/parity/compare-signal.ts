import type { Signal } from '../strategy/decision.ts';
import { compareFields, fieldsText } from './compare-fields.ts';
import type { Finding } from './compare-bars.ts';
import type { Cause } from './difference.ts';

const FIELDS = [
  'strategyId',
  'marketKey',
  'signalType',
  'action',
  'direction',
  'confidence',
  'score',
  'expectedPrice',
  'suggestedQuote',
  'suggestedStop',
  'suggestedTarget',
  'ttlMs',
  'barCloseAt',
  'decidedAt',
] as const satisfies readonly (keyof Signal)[];

/** Fields that tell what became of a signal's inputs when nothing else of it differs. */
const TELLING: Readonly<Record<string, Cause>> = { decidedAt: 'timing', expectedPrice: 'data' };

/** A signal of the ledger against the one that a replay gives; `null` when they are the same. */
export function compareSignal(replayed: Signal, signal: Signal | undefined): Finding | null {
  const name = `signal ${replayed.signalId}`;
  if (signal === undefined)
    return {
      cause: 'unexplained',
      expected: name,
      found: 'none',
      detail: 'The signal left, but the ledger does not have it.',
    };
  const lists = (of: Signal) => ({
    reasons: of.reasons.join('; '),
    indicatorValues: JSON.stringify(Object.entries(of.indicatorValues).sort()),
  });
  const fields = [
    ...compareFields(replayed, signal, FIELDS),
    ...compareFields(lists(replayed), lists(signal), ['reasons', 'indicatorValues']),
  ];
  const [first, ...others] = fields;
  if (first === undefined) return null;
  return {
    cause: others.length === 0 ? (TELLING[first.field] ?? 'unexplained') : 'unexplained',
    expected: fieldsText(fields, 'expected'),
    found: fieldsText(fields, 'found'),
    detail: `The ledger's ${name} is not the one that was decided.`,
  };
}
