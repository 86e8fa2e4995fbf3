import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import type { HeartbeatDoc } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Facts } from '../../components/facts.tsx';
import { formatAge } from '../../lib/format.ts';

type Props = {
  readonly beats: readonly HeartbeatDoc[];
  readonly prices: readonly LivePriceDoc[];
  readonly listeners: { readonly used: number; readonly bound: number };
  readonly mailboxUrl: string | null;
  readonly now: EpochMs;
  readonly onRetry: () => void;
  readonly onClose: () => void;
};

/** What the connection state rests on: every component's and every feed's last sign of life. */
export function ConnectionDialog(props: Props) {
  const { now } = props;
  return (
    <Dialog
      open
      onClose={props.onClose}
      title="Connection"
      description="Last sign of life of each part of the desk."
    >
      <Facts
        facts={[
          ...props.beats.map(
            ({ component, status, detail, beatAt }) =>
              [
                component,
                `${status.toLowerCase()}, ${formatAge(now - beatAt)} ago. ${detail}`,
              ] as const,
          ),
          ...props.prices.map(
            ({ symbol, writtenAt, source }) =>
              [symbol, `price ${formatAge(now - writtenAt)} ago over ${source}`] as const,
          ),
          ['Live listeners', `${props.listeners.used} of at most ${props.listeners.bound}`],
          ...(props.mailboxUrl === null
            ? []
            : [
                [
                  'Mailbox',
                  <a key="mail" href={props.mailboxUrl} target="_blank" rel="noreferrer">
                    {props.mailboxUrl}
                  </a>,
                ] as const,
              ]),
        ]}
      />
      <DialogActions>
        <Button onClick={props.onRetry}>Read again</Button>
        <Button variant="primary" onClick={props.onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
