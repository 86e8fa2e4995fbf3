import { useEffect, useRef, useState } from 'react';
import { useDesk } from './desk-context.tsx';
import type { Session } from './ports.ts';

/** `expired`: nobody asked to leave, so the view stays and a dialog asks to sign in again. */
export type SessionView = { readonly session: Session; readonly expired: boolean };

export type SessionControl = SessionView & { readonly leave: () => void };

/** Next view after the session changed; `leaving` when the person pressed sign out. */
export function nextSessionView(
  previous: SessionView,
  session: Session,
  leaving: boolean,
): SessionView {
  const lost = session.kind === 'signedOut' && previous.session.kind === 'signedIn' && !leaving;
  return lost ? { session: previous.session, expired: true } : { session, expired: false };
}

export function useSession(): SessionControl {
  const { ports, registry } = useDesk();
  const leaving = useRef(false);
  const [view, setView] = useState<SessionView>({ session: { kind: 'unknown' }, expired: false });
  useEffect(
    () =>
      ports.watchSession((session) => {
        setView((previous) => nextSessionView(previous, session, leaving.current));
        if (session.kind === 'signedIn') registry.retry();
        if (session.kind === 'signedOut') leaving.current = false;
      }),
    [ports, registry],
  );
  return {
    ...view,
    leave: () => {
      leaving.current = true;
      void ports.signOut();
    },
  };
}
