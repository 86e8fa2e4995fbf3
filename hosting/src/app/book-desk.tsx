import type { Role } from '@tradewind/contracts/documents/system';
import { useEffect, useState } from 'react';
import { Time } from '../components/time.tsx';
import { alertsView } from '../features/alerts/alerts-view.ts';
import { ConnectionDialog } from '../features/connection/connection-dialog.tsx';
import { EmergencyBar } from '../features/emergency/emergency-bar.tsx';
import { EmergencyDialog } from '../features/emergency/emergency-dialog.tsx';
import { ResetDialog } from '../features/emergency/reset-dialog.tsx';
import { Header } from '../features/header/header.tsx';
import { modeView } from '../features/header/mode-view.ts';
import { Nav } from '../features/header/nav.tsx';
import { CriticalAnnouncer } from '../features/notify/critical-announcer.tsx';
import { Toasts } from '../features/notify/toasts.tsx';
import { useDesk } from '../lib/desk-context.tsx';
import { dataOf, oneOf } from '../lib/loaded.ts';
import { may } from '../lib/policy.ts';
import { MAX_LISTENERS } from '../lib/registry.ts';
import { useRoute } from '../lib/use-route.ts';
import { useTheme } from '../lib/use-theme.ts';
import type { PageContext } from './page-context.ts';
import { Page } from './pages.tsx';
import { summaryOf } from './sections.tsx';
import { useConnection } from './use-connection.ts';
import { ORDERS_PAGE, useDeskData, type DeskData } from './use-desk-data.ts';

const MAX_ORDERS = 500;
type Open = 'none' | 'emergency' | 'reset' | 'connection';

/** Ctrl+Shift+E opens the emergency dialog from anywhere (07, section 10). */
function useEmergencyKey(open: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!event.ctrlKey || !event.shiftKey || event.key.toLowerCase() !== 'e') return;
      event.preventDefault();
      open();
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, [open]);
}

function Dialogs({
  open,
  close,
  data,
  bookId,
  disabled,
}: {
  readonly open: Open;
  readonly close: () => void;
  readonly data: DeskData;
  readonly bookId: string;
  readonly disabled: boolean;
}) {
  const { ports, registry } = useDesk();
  switch (open) {
    case 'none':
      return null;
    case 'emergency':
      return <EmergencyDialog disabled={disabled} onClose={close} />;
    case 'reset':
      return <ResetDialog bookId={bookId} disabled={disabled} onClose={close} />;
    case 'connection':
      return (
        <ConnectionDialog
          beats={dataOf(data.heartbeats)}
          prices={dataOf(data.prices)}
          listeners={{ used: registry.connectivity().listeners, bound: MAX_LISTENERS }}
          mailboxUrl={ports.mailboxUrl}
          now={data.now}
          onRetry={registry.retry}
          onClose={close}
        />
      );
  }
}

/** The desk of one book: header, page, dialogs and messages. */
export function BookDesk({
  bookId,
  role,
  email,
  onLeave,
}: {
  readonly bookId: string;
  readonly role: Role;
  readonly email: string;
  readonly onLeave: () => void;
}) {
  const [orderLimit, setOrderLimit] = useState(ORDERS_PAGE);
  const data = useDeskData(bookId, orderLimit);
  const connection = useConnection(data);
  const route = useRoute();
  const [theme, toggleTheme] = useTheme();
  const [open, setOpen] = useState<Open>('none');
  const mayStop = may(role, 'emergencyCancel');
  const [openEmergency] = useState(() => () => {
    if (mayStop) setOpen('emergency');
  });
  useEmergencyKey(openEmergency);
  const alerts = alertsView(data.alerts);
  const risk = oneOf(data.risk);
  const disabled = connection.commandsDisabled;
  const loadedOrders = data.orders.status === 'ready' ? data.orders.data.length : 0;
  const context: PageContext = {
    data,
    role,
    theme,
    commandsDisabled: disabled,
    onMoreOrders:
      loadedOrders < orderLimit || orderLimit >= MAX_ORDERS
        ? null
        : () => {
            setOrderLimit(orderLimit + ORDERS_PAGE);
          },
  };
  return (
    <>
      <Header
        connection={connection}
        onConnection={() => {
          setOpen('connection');
        }}
        mode={data.book === undefined ? null : modeView(data.book, data.clock)}
        marketTime={<Time at={data.marketNow} />}
        figures={summaryOf(data)}
        openAlerts={
          alerts.kind === 'rows' ? alerts.unacknowledged : alerts.kind === 'failed' ? null : 0
        }
        theme={theme}
        onTheme={toggleTheme}
        email={email}
        onLeave={onLeave}
        onEmergency={mayStop ? openEmergency : null}
        above={
          risk === undefined ? null : (
            <EmergencyBar
              risk={risk}
              disabled={disabled}
              onReset={
                may(role, 'resetSafety')
                  ? () => {
                      setOpen('reset');
                    }
                  : null
              }
            />
          )
        }
        nav={<Nav route={route} />}
      />
      <Page route={route} context={context} />
      <Dialogs
        open={open}
        close={() => {
          setOpen('none');
        }}
        data={data}
        bookId={bookId}
        disabled={disabled}
      />
      <Toasts orders={data.orders} trades={data.trades} book={data.book} online={!disabled} />
      <CriticalAnnouncer alerts={dataOf(data.alerts)} />
    </>
  );
}
