import { usageDayDoc, type UsageCounts } from '@tradewind/contracts/documents/system';
import { targets } from '@tradewind/contracts/watch-targets';
import { LIST_PRICES } from '@tradewind/core/cost/prices';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Facts } from '../../components/facts.tsx';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { formatAge, formatNumber } from '../../lib/format.ts';
import { useLoaded } from '../../lib/use-loaded.ts';
import { count } from './count.ts';
import styles from './system.module.css';
import { usageView, type UsageView } from './system-view.ts';
import { topicRows } from './topic-rows.ts';
import { TopicTable } from './topic-table.tsx';

/** Rows of a table of usage. */
const MAX_ROWS = 12;

const megabytes = (bytes: number): string => `${formatNumber(bytes / 1e6, 1)} MB`;
const usd = (x: number): string => `${formatNumber(x, 2)} USD`;

function Rows({
  label,
  first,
  rows,
}: {
  readonly label: string;
  readonly first: string;
  readonly rows: readonly (readonly [string, UsageCounts])[];
}) {
  return (
    <Table
      label={label}
      columns={[
        { name: first },
        { name: 'Reads', number: true },
        { name: 'Writes', number: true },
        { name: 'Read', number: true, from: 'medium' },
        { name: 'Written', number: true, from: 'medium' },
      ]}
    >
      {rows.slice(0, MAX_ROWS).map(([name, counts]) => (
        <tr key={name}>
          <th scope="row">{name === 'none' ? 'empty queries' : name}</th>
          <td className={table['number']}>{count(counts.reads)}</td>
          <td className={table['number']}>{count(counts.writes)}</td>
          <td className={`${table['number'] ?? ''} ${table['medium'] ?? ''}`}>
            {megabytes(counts.bytesRead)}
          </td>
          <td className={`${table['number'] ?? ''} ${table['medium'] ?? ''}`}>
            {megabytes(counts.bytesWritten)}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Today({
  view,
  now,
  ownReads,
}: {
  readonly view: UsageView;
  readonly now: EpochMs;
  readonly ownReads: number;
}) {
  const { total, month, day } = view;
  return (
    <>
      <div className={styles['facts']}>
        <Facts
          facts={[
            [
              'Today (UTC), server side',
              `${count(total.reads)} reads, ${count(total.writes)} writes, ${count(total.deletes)} deletes`,
            ],
            [
              'Bytes',
              `${megabytes(total.bytesRead)} read, ${megabytes(total.bytesWritten)} written`,
            ],
            [
              'Counted until',
              `${formatAge(now - day.updatedAt)} ago; each process adds every 5 min`,
            ],
            ['This tab', `${count(ownReads)} reads since it was opened`],
            [
              'A month at this pace',
              `Firestore ${usd(month.firestore.usd)}, compute ${usd(month.compute.usd)}, together ${usd(month.totalUsd)}`,
            ],
            [
              'After the free tier',
              `Firestore ${usd(month.afterFreeTierUsd.firestore)}, compute ${usd(month.afterFreeTierUsd.compute)}`,
            ],
          ]}
        />
        <p className={styles['note']}>
          List prices of a single region as of {LIST_PRICES.checkedOn}, without dashboards and
          storage;
          {view.counted < 0.05
            ? ' counted for so short a time the month is a rough guess;'
            : ''}{' '}
          npm run tw -- cost measures all of it.
        </p>
      </div>
      <Rows label="Usage by collection" first="Collection" rows={view.groups} />
      <Rows label="Usage by component" first="Component" rows={view.components} />
      <TopicTable rows={topicRows(view.day)} />
    </>
  );
}

/** What Firestore was asked for today, and what a month of such days costs (docs/cost.md). */
export function UsagePanel(props: {
  readonly bots: number;
  readonly workers: number;
  readonly ownReads: number;
  readonly now: EpochMs;
}) {
  const usage = useLoaded(targets.usage, usageDayDoc);
  if (usage.status === 'pending')
    return (
      <Panel title="Usage and cost">
        <Skeleton rows={4} label="Loading the usage" />
      </Panel>
    );
  if (usage.status === 'error')
    return (
      <Panel title="Usage and cost">
        <Failed what="Usage unavailable" message={usage.message} />
      </Panel>
    );
  const [latest] = [...usage.data].sort((a, b) => (a.day < b.day ? 1 : -1));
  const view = usageView(latest, props);
  return (
    <Panel title="Usage and cost" {...(latest === undefined ? {} : { count: latest.day })}>
      <Faults faults={usage.faults} />
      {view === undefined ? (
        <Empty title="Nothing counted yet">
          Each process tells what it used with its first work, and then every five minutes.
        </Empty>
      ) : (
        <Today view={view} now={props.now} ownReads={props.ownReads} />
      )}
    </Panel>
  );
}
