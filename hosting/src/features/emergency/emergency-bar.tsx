import type { RiskStateDoc } from '@tradewind/contracts/documents/book';
import { OctagonX } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Time } from '../../components/time.tsx';
import styles from './emergency.module.css';

/** Says that, since when and by whom trading is stopped; an administrator finds the way back here. */
export function EmergencyBar({
  risk,
  onReset,
  disabled,
}: {
  readonly risk: RiskStateDoc;
  /** `null` for who may not reset. */
  readonly onReset: (() => void) | null;
  readonly disabled: boolean;
}) {
  if (!risk.emergencyStop) return null;
  return (
    <div className={styles['bar']} role="alert">
      <OctagonX size={18} aria-hidden />
      <span>
        Trading is stopped
        {risk.emergencyStopAt !== null && (
          <>
            {' '}
            since <Time at={risk.emergencyStopAt} />
          </>
        )}
        {risk.emergencyStopBy !== null && ` by ${risk.emergencyStopBy}`}.
      </span>
      {onReset === null ? (
        <span>Ask an administrator to reset it.</span>
      ) : (
        <Button small disabled={disabled} onClick={onReset}>
          Reset…
        </Button>
      )}
    </div>
  );
}
