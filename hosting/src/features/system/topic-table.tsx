import { LATENCY_BOUNDS } from '@tradewind/contracts/topics';
import { cellClass, Table } from '../../components/table.tsx';
import { count } from './count.ts';
import type { TopicRow } from './topic-rows.ts';

function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms === Infinity) return `> ${Math.max(...LATENCY_BOUNDS) / 1_000} s`;
  return ms < 1_000 ? `≤ ${ms} ms` : `≤ ${ms / 1_000} s`;
}

const NUMBER = cellClass({ number: true });
const LATENCY = cellClass({ number: true, from: 'medium' });

/** What became of the events of a day, by topic (ARC-56). */
export function TopicTable({ rows }: { readonly rows: readonly TopicRow[] }) {
  return (
    <Table
      label="Events by topic"
      columns={[
        { name: 'Topic' },
        { name: 'Subscribers', from: 'wide' },
        { name: 'Published', number: true },
        { name: 'Delivered', number: true },
        { name: 'Failed', number: true },
        { name: 'Latency p50', number: true, from: 'medium' },
        { name: 'p95', number: true, from: 'medium' },
      ]}
    >
      {rows.map(({ topic, subscribers, published, delivered, failed, p50Ms, p95Ms }) => (
        <tr key={topic}>
          <th scope="row">{topic}</th>
          <td className={cellClass({ from: 'wide' })}>{subscribers.join(', ')}</td>
          <td className={NUMBER}>{count(published)}</td>
          <td className={NUMBER}>{count(delivered)}</td>
          <td className={NUMBER}>{count(failed)}</td>
          <td className={LATENCY}>{duration(p50Ms)}</td>
          <td className={LATENCY}>{duration(p95Ms)}</td>
        </tr>
      ))}
    </Table>
  );
}
