import type { EpochMs } from '@tradewind/core/lib/time';
import { useEffect, useState } from 'react';
import { useDesk } from './desk-context.tsx';

/** Wall clock, read again every second so that ages and countdowns move. */
export function useNow(everyMs = 1_000): EpochMs {
  const { ports } = useDesk();
  const [now, setNow] = useState(ports.wallNow);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(ports.wallNow());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [ports, everyMs]);
  return now;
}
