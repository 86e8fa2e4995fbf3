import type { AlertDoc } from '@tradewind/contracts/documents/system';
import { unreachable } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { inWords } from '@tradewind/core/lib/words';
import { Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { formatAge } from '../../lib/format.ts';
import { formatUtc } from '../../lib/time-format.ts';
import { useCommand } from '../../lib/use-command.ts';
import styles from './alerts-panel.module.css';
import type { AlertsView } from './alerts-view.ts';

const SEVERITY = {
  CRITICAL: { Icon: OctagonAlert, style: 'critical', word: 'Critical' },
  WARNING: { Icon: TriangleAlert, style: 'warning', word: 'Warning' },
  INFO: { Icon: Info, style: 'info', word: 'Information' },
} as const;

type Props = {
  readonly view: AlertsView;
  readonly now: EpochMs;
  readonly disabled: boolean;
  readonly limit?: number;
};

function Acknowledge({
  alert,
  disabled,
}: {
  readonly alert: AlertDoc;
  readonly disabled: boolean;
}) {
  const { state, run } = useCommand('acknowledgeAlert');
  const failed = state.kind === 'failed' || (state.kind === 'replied' && !state.reply.ok);
  return (
    <div>
      <Button
        small
        disabled={disabled || state.kind === 'running'}
        aria-label={`Acknowledge: ${alert.message}`}
        onClick={() => {
          void run((commandId) => ({ commandId, alertId: alert.alertId }));
        }}
      >
        Acknowledge
      </Button>
      {failed && (
        <p className={styles['bad']} role="alert">
          {state.kind === 'failed' ? state.message : state.reply.message}
        </p>
      )}
    </div>
  );
}

function AlertItem({ alert, now, disabled }: { readonly alert: AlertDoc } & Omit<Props, 'view'>) {
  const { Icon, style, word } = SEVERITY[alert.severity];
  const details = Object.entries(alert.details).map(([name, value]) => `${inWords(name)} ${value}`);
  return (
    <li className={styles['item']} data-alert-id={alert.alertId} data-state={alert.state}>
      <Icon size={16} className={classes(styles['icon'], styles[style])} aria-label={word} />
      <div>
        <p className={styles['message']}>{alert.message}</p>
        <p className={styles['meta']}>
          <span title={formatUtc(alert.lastAt)}>{formatAge(now - alert.lastAt)} ago</span>
          {alert.count > 1 && ` · ${alert.count} times since `}
          {alert.count > 1 && <Time at={alert.firstAt} reference={now} />}
          {alert.state === 'ACKNOWLEDGED' && ` · seen by ${alert.acknowledgedBy ?? 'someone'}`}
          {alert.state === 'RESOLVED' && ' · resolved'}
          {details.length > 0 && ` · ${details.join(' · ')}`}
        </p>
      </div>
      {alert.state === 'ACTIVE' && <Acknowledge alert={alert} disabled={disabled} />}
    </li>
  );
}

function Body({ view, limit, ...rest }: Props) {
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={2} label="Loading alerts" />;
    case 'failed':
      return (
        <Failed what="Alerts cannot be read: do not take this for calm" message={view.message} />
      );
    case 'rows':
      return (
        <>
          <Faults faults={view.faults} />
          {view.rows.length === 0 && view.faults.length === 0 && (
            <Empty title="No alerts">Nothing needs your eyes.</Empty>
          )}
          <ul>
            {view.rows.slice(0, limit ?? 20).map((alert) => (
              <AlertItem key={alert.alertId} alert={alert} {...rest} />
            ))}
          </ul>
        </>
      );
    default:
      return unreachable(view);
  }
}

/** Conditions that need eyes, with acknowledge (UI-61, UI-63). */
export function AlertsPanel(props: Props) {
  const { view } = props;
  return (
    <Panel
      title="Alerts"
      {...(view.kind === 'rows' ? { count: `${view.unacknowledged} open` } : {})}
    >
      <Body {...props} />
    </Panel>
  );
}
