import type { AlertDoc } from '@tradewind/contracts/documents/system';
import { useEffect, useRef, useState } from 'react';

const THROTTLE_MS = 5_000;

/** Reads new critical alerts out at once, at most one every five seconds (UI-95). */
export function CriticalAnnouncer({ alerts }: { readonly alerts: readonly AlertDoc[] }) {
  const told = useRef(new Set<string>());
  const [text, setText] = useState('');
  const waiting = useRef(false);
  useEffect(() => {
    const next = alerts.find(
      ({ alertId, severity, state }) =>
        severity === 'CRITICAL' && state === 'ACTIVE' && !told.current.has(alertId),
    );
    if (next === undefined || waiting.current) return;
    told.current.add(next.alertId);
    waiting.current = true;
    setText(`Critical alert: ${next.message}`);
    const timer = setTimeout(() => {
      waiting.current = false;
    }, THROTTLE_MS);
    return () => {
      clearTimeout(timer);
      waiting.current = false;
    };
  }, [alerts]);
  return (
    <div className="visually-hidden" role="alert">
      {text}
    </div>
  );
}
