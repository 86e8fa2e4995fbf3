import type { HeartbeatDoc } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Badge } from '../../components/badge.tsx';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import type { Tone } from '../../components/tone.ts';
import { formatAge, formatNumber } from '../../lib/format.ts';
import type { Loaded } from '../../lib/loaded.ts';
import { feedRows, type FeedRow } from './system-view.ts';
import styles from './system.module.css';

/** Stale symbols that are named. */
const MAX_NAMES = 5;

const toneOf = (state: string): Tone =>
  state === 'LIVE'
    ? 'positive'
    : state === 'FAILED'
      ? 'negative'
      : state === 'IDLE' || state === 'STOPPED'
        ? 'neutral'
        : 'warning';

function staleNames(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}

function Row({ row }: { readonly row: FeedRow }) {
  const { feed, beat } = row;
  const state = feed?.state ?? row.status;
  const number = table['number'];
  const medium = table['medium'] ?? '';
  return (
    <tr>
      <th scope="row">{row.component}</th>
      <td>{feed === null ? row.detail : `${feed.venue} ${feed.market}`}</td>
      <td>
        <Badge tone={toneOf(state)}>{state.toLowerCase()}</Badge>
      </td>
      <td>
        {beat.kind === 'fresh' ? (
          formatAge(beat.age)
        ) : (
          <Badge tone="warning">
            {beat.kind === 'unknown' ? 'unknown' : `stale ${formatAge(beat.age)}`}
          </Badge>
        )}
      </td>
      <td className={number}>{feed === null ? '' : feed.symbols}</td>
      <td>{feed === null ? '' : staleNames(feed.staleSymbols)}</td>
      <td className={`${number ?? ''} ${medium}`}>
        {row.messageAge === null ? '' : formatAge(row.messageAge)}
      </td>
      <td className={`${number ?? ''} ${medium}`}>{feed === null ? '' : feed.reconnects}</td>
      <td className={`${number ?? ''} ${medium}`}>
        {feed === null ? '' : formatNumber(feed.skewMs, 0)}
      </td>
    </tr>
  );
}

/** Signs of life of every component, and the connections of each worker shard (MD-20, MD-67). */
export function FeedsPanel({
  beats,
  now,
}: {
  readonly beats: Loaded<HeartbeatDoc>;
  readonly now: EpochMs;
}) {
  return (
    <Panel title="Feeds and components">
      {beats.status === 'pending' && <Skeleton rows={3} label="Loading the feeds" />}
      {beats.status === 'error' && <Failed what="Feeds unavailable" message={beats.message} />}
      {beats.status === 'ready' && (
        <>
          <Faults faults={beats.faults} />
          {beats.data.length === 0 ? (
            <Empty title="Nothing reports">Neither a worker nor the cycle has run yet.</Empty>
          ) : (
            <Table
              label="Feeds"
              columns={[
                { name: 'Component' },
                { name: 'Feed' },
                { name: 'State' },
                { name: 'Last beat' },
                { name: 'Symbols', number: true },
                { name: 'Stale symbols' },
                { name: 'Last message', number: true, from: 'medium' },
                { name: 'Reconnects', number: true, from: 'medium' },
                { name: 'Clock skew, ms', number: true, from: 'medium' },
              ]}
            >
              {feedRows(beats.data, now).map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </Table>
          )}
          <p className={styles['note']}>
            Clock skew is the venue’s clock less ours. Beyond 5 s nothing is entered.
          </p>
        </>
      )}
    </Panel>
  );
}
