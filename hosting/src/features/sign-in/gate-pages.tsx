import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Logo } from '../../components/logo.tsx';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in.module.css';

/** A page with one card: before the desk, or instead of it. */
export function GatePage({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <div className={styles['brand']}>
          <Logo size={36} />
          <h1>{title}</h1>
        </div>
        {children}
      </div>
    </main>
  );
}

export function SignInPage() {
  return (
    <GatePage title="Tradewind">
      <p className={styles['muted']}>Sign in to your trading desk.</p>
      <SignInForm />
    </GatePage>
  );
}

/** Signed in, but no administrator has given a role yet (UI-05). */
export function NoRolePage({
  email,
  onRefresh,
  onLeave,
}: {
  readonly email: string;
  readonly onRefresh: () => void;
  readonly onLeave: () => void;
}) {
  return (
    <GatePage title="No access yet">
      <p>
        <strong>{email}</strong> has no role on this desk. Ask an administrator to make you a viewer
        or a trader, then check again.
      </p>
      <div className={styles['form']}>
        <Button variant="primary" onClick={onRefresh}>
          Check again
        </Button>
        <Button onClick={onLeave}>Sign out</Button>
      </div>
    </GatePage>
  );
}

/** The session ended by itself: the view stays behind the dialog. */
export function ExpiredDialog({ email }: { readonly email: string }) {
  return (
    <Dialog
      open
      locked
      onClose={() => undefined}
      title="Your session has expired"
      description="Sign in again to go on where you were. Nothing is sent until then."
    >
      <SignInForm email={email} />
    </Dialog>
  );
}
