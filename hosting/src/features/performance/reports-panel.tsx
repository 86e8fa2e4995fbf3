import { weeklyReportDoc, type WeeklyReportDoc } from '@tradewind/contracts/documents/report';
import { targets } from '@tradewind/contracts/watch-targets';
import { useState } from 'react';
import { Facts } from '../../components/facts.tsx';
import { Empty, Failed, Faults, Notice, Panel, Skeleton } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useLoaded } from '../../lib/use-loaded.ts';
import { reportFacts } from './report-facts.ts';
import { TargetForm } from './target-form.tsx';

function Reports({ reports }: { readonly reports: readonly WeeklyReportDoc[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const report = reports.find(({ reportId }) => reportId === chosen) ?? reports[0];
  if (report === undefined)
    return <Empty title="No week is over yet">Every Monday the last week is reported.</Empty>;
  return (
    <>
      <Segmented
        label="Week of"
        value={report.reportId}
        onChange={setChosen}
        options={reports.map(({ reportId }) => ({ value: reportId, label: reportId }))}
      />
      {report.frozen !== null && <Notice>Figures were frozen: {report.frozen}.</Notice>}
      <Facts facts={reportFacts(report)} />
    </>
  );
}

/** The last weeks of a book as they were mailed (PF-93), and the range that they compare with. */
export function ReportsPanel({
  bookId,
  target,
  control,
}: {
  readonly bookId: string;
  readonly target: { readonly leastPct: number; readonly mostPct: number } | null;
  /** `null` for who may not set the range. */
  readonly control: { readonly disabled: boolean } | null;
}) {
  const reports = useLoaded(targets.reports(bookId), weeklyReportDoc);
  return (
    <Panel title="Weekly reports" padded>
      {reports.status === 'pending' && <Skeleton rows={3} label="Loading the reports" />}
      {reports.status === 'error' && (
        <Failed what="Reports unavailable" message={reports.message} />
      )}
      {reports.status === 'ready' && <Faults faults={reports.faults} />}
      {reports.status === 'ready' && <Reports reports={reports.data} />}
      {control !== null && (
        <TargetForm bookId={bookId} target={target} disabled={control.disabled} />
      )}
    </Panel>
  );
}
