import { CircleCheck, CircleX, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { useDesk } from '../../lib/desk-context.tsx';
import { hashOf } from '../../lib/routes.ts';
import { toastEvents, type ToastFacts } from './toast-events.ts';
import { stillShown, withEvents, type Toast } from './toast-queue.ts';
import styles from './toasts.module.css';

const ICONS = { positive: CircleCheck, negative: CircleX, warning: TriangleAlert } as const;

function ToastCard({
  toast,
  onDismiss,
}: {
  readonly toast: Toast;
  readonly onDismiss: () => void;
}) {
  const tone = toast.tone === 'negative' || toast.tone === 'warning' ? toast.tone : 'positive';
  const Icon = ICONS[tone];
  return (
    <li className={classes(styles['toast'], styles[tone])}>
      <Icon size={15} aria-hidden />
      <a href={hashOf(toast.route)}>{toast.text}</a>
      <Button
        variant="ghost"
        icon
        className={styles['dismiss']}
        aria-label="Dismiss"
        onClick={onDismiss}
      >
        <X size={14} aria-hidden />
      </Button>
    </li>
  );
}

/** Short messages in the corner, read out politely. */
export function Toasts(facts: ToastFacts) {
  const { ports } = useDesk();
  const before = useRef<ToastFacts | null>(null);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const { orders, trades, book, online } = facts;
  useEffect(() => {
    const after = { orders, trades, book, online };
    const events = before.current === null ? [] : toastEvents(before.current, after);
    before.current = {
      ...after,
      // A failed read must not make everything look new when it comes back.
      orders: orders.status === 'ready' ? orders : (before.current?.orders ?? orders),
      trades: trades.status === 'ready' ? trades : (before.current?.trades ?? trades),
    };
    if (events.length > 0) setToasts((shown) => withEvents(shown, events, ports.wallNow()));
  }, [orders, trades, book, online, ports]);
  useEffect(() => {
    if (toasts.length === 0) return;
    const timer = setInterval(() => {
      setToasts((shown) => stillShown(shown, ports.wallNow()));
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [toasts.length, ports]);
  return (
    <ul className={styles['stack']} aria-live="polite" aria-label="Messages">
      {toasts.map((toast) => (
        <ToastCard
          key={toast.key}
          toast={toast}
          onDismiss={() => {
            setToasts((shown) => shown.filter(({ key }) => key !== toast.key));
          }}
        />
      ))}
    </ul>
  );
}
