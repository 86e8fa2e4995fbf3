import type { Answer } from '../cli/answer.ts';
import { table, time } from '../data/show.ts';
import { findOptimisation, readOptimisations, type OptimisationRecord } from './store.ts';

const headOf = ({ id, kind, title, headline, createdAt, codeVersion }: OptimisationRecord) => ({
  id,
  kind,
  title,
  headline,
  createdAt,
  codeVersion,
});

/** What is kept, the newest first: one line each, to be compared. */
export function listOptimisations(): Answer {
  const { records, unreadable } = readOptimisations();
  const rows = records.map(({ id, kind, createdAt, title, headline }) => [
    id.slice(0, 8),
    kind,
    time(createdAt),
    title,
    headline,
  ]);
  const text =
    rows.length === 0
      ? 'Nothing is kept yet. Begin with: npm run tw -- optimise sma-cross --data BTC-USDT=candles.csv.gz'
      : table(['id', 'kind', 'made', 'of', 'result'], rows);
  const broken = unreadable.map((line) => `\nNot readable: ${line}`).join('');
  return {
    ok: unreadable.length === 0,
    text: `${text}${broken}`,
    data: { optimisations: records.map(headOf), unreadable },
  };
}

/** One of them, as it was told. */
export function showOptimisation(id: string): Answer {
  const found = findOptimisation(id);
  const { title, text, data } = found;
  return { ok: true, text: `${title}\n${text}`, data: { ...headOf(found), ...data } };
}
