import { RotateCcw, TriangleAlert } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useDesk } from '../lib/desk-context.tsx';
import type { Fault } from '../lib/loaded.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import styles from './panel.module.css';

/** Frame of every panel: a titled region of the page. */
export function Panel({
  title,
  count,
  aside,
  padded,
  children,
}: {
  readonly title: string;
  readonly count?: ReactNode;
  readonly aside?: ReactNode;
  readonly padded?: boolean;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles['panel']} aria-labelledby={id}>
      <header className={styles['head']}>
        <h2 className={styles['title']} id={id}>
          {title}
        </h2>
        {count !== undefined && <span className={styles['count']}>{count}</span>}
        {aside !== undefined && <div className={styles['aside']}>{aside}</div>}
      </header>
      <div className={classes(styles['body'], padded === true && styles['padded'])}>{children}</div>
    </section>
  );
}

/** Grey while what it holds is older than it may be. */
export function Aging({
  stale,
  children,
}: {
  readonly stale: boolean;
  readonly children: ReactNode;
}) {
  return <div data-stale={stale}>{children}</div>;
}

export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <div className={styles['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div className={styles['bar']} key={row} />
      ))}
    </div>
  );
}

export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className={styles['message']}>
      <strong>{title}</strong>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}

/** A read that failed: what, why, and a way to try again. */
export function Failed({ what, message }: { readonly what: string; readonly message: string }) {
  const { registry } = useDesk();
  return (
    <div className={styles['message']} role="alert">
      <TriangleAlert size={20} aria-hidden />
      <strong>{what}</strong>
      <p>{message}</p>
      <Button small onClick={registry.retry}>
        <RotateCcw size={14} aria-hidden /> Retry
      </Button>
    </div>
  );
}

/** One line above what it is about, which has to be seen first. */
export function Notice({ children }: { readonly children: ReactNode }) {
  return (
    <p className={classes(styles['strip'], styles['stripNegative'])} role="alert">
      <TriangleAlert size={14} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** Documents that could not be read are named; figures that need them show as unknown. */
export function Faults({ faults }: { readonly faults: readonly Fault[] }) {
  const [first] = faults;
  if (first === undefined) return null;
  const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
  return (
    <Notice>
      Unreadable: {first.path} ({first.message}){more}
    </Notice>
  );
}
