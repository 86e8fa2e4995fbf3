import { useEffect, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Facts } from '../../components/facts.tsx';
import { CommandOutcome } from '../../components/command-outcome.tsx';
import { formatMoney, formatPercent, formatPnl, formatPrice, formatQty } from '../../lib/format.ts';
import { useCommand } from '../../lib/use-command.ts';
import type { PositionRow } from './positions-view.ts';

/** After this the dialog says "not confirmed yet" rather than success (UI-34). */
const CONFIRM_WITHIN_MS = 15_000;

/** Asks before a position is closed, and stays until the server has answered (UI-70). */
export function CloseDialog({
  row,
  quote,
  disabled,
  onClose,
}: {
  readonly row: PositionRow;
  readonly quote: string;
  readonly disabled: boolean;
  readonly onClose: () => void;
}) {
  const { position } = row;
  const { state, run } = useCommand('closePosition');
  const [late, setLate] = useState(false);
  const sent = state.kind === 'running' || (state.kind === 'replied' && state.reply.ok);
  useEffect(() => {
    if (!sent) return;
    const timer = setTimeout(() => {
      setLate(true);
    }, CONFIRM_WITHIN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [sent]);
  const confirm = (): void => {
    void run((commandId) => ({
      commandId,
      bookId: position.bookId,
      positionId: position.positionId,
    }));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Close ${position.symbol} ${position.side}?`}
      description="Sells what is held at the market. The amounts are estimates at the last price."
    >
      <Facts
        facts={[
          ['Size', formatQty(position.quantity)],
          ['Estimated price', formatPrice(row.current, row.tick)],
          ['Estimated value', formatMoney(row.value, quote)],
          ['Estimated P&L', `${formatPnl(row.pnl, quote)} (${formatPercent(row.pnlPct)})`],
        ]}
      />
      <CommandOutcome state={state} />
      {late && <p role="status">Not confirmed yet. The position shows when it is closed.</p>}
      <DialogActions>
        <Button onClick={onClose}>{sent ? 'Done' : 'Keep it'}</Button>
        <Button variant="danger" disabled={disabled || sent} onClick={confirm}>
          {state.kind === 'running' ? 'Closing…' : 'Close position'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
