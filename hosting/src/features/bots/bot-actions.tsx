import type { BotDoc } from '@tradewind/contracts/documents/bot';
import { Play, Square } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { useCommand, type CommandState } from '../../lib/use-command.ts';
import styles from './bot-card.module.css';

/** What a trader may do here; `simulate` on paper books only (ARC-63). */
export type BotControl = { readonly disabled: boolean; readonly simulate: boolean };

function Outcome({ state }: { readonly state: CommandState }) {
  if (state.kind === 'idle' || state.kind === 'running') return null;
  const bad = state.kind === 'failed' || !state.reply.ok;
  return (
    <p
      className={classes(styles['outcome'], bad && styles['outcomeBad'])}
      role={bad ? 'alert' : 'status'}
    >
      {state.kind === 'failed' ? state.message : state.reply.message}
    </p>
  );
}

function SimulateButtons({
  botId,
  disabled,
}: {
  readonly botId: string;
  readonly disabled: boolean;
}) {
  const { state, run } = useCommand('simulateBotTrade');
  return (
    <>
      {(['BUY', 'SELL'] as const).map((action) => (
        <Button
          key={action}
          small
          variant="ghost"
          title={`Sends a paper ${action.toLowerCase()} through the whole pipeline`}
          disabled={disabled || state.kind === 'running'}
          onClick={() => {
            void run((commandId) => ({ commandId, botId, action }));
          }}
        >
          Simulate {action.toLowerCase()}
        </Button>
      ))}
      <Outcome state={state} />
    </>
  );
}

export function BotActions({
  bot,
  control,
}: {
  readonly bot: BotDoc;
  readonly control: BotControl;
}) {
  const start = useCommand('startBot');
  const stop = useCommand('stopBot');
  const running = bot.status === 'RUNNING';
  const { state, run } = running ? stop : start;
  const word = running ? 'Stop' : 'Start';
  return (
    <div className={styles['actions']}>
      <Button
        small
        aria-label={`${word} ${bot.name}`}
        disabled={control.disabled || state.kind === 'running'}
        onClick={() => {
          void run((commandId) => ({ commandId, botId: bot.botId }));
        }}
      >
        {running ? <Square size={12} aria-hidden /> : <Play size={12} aria-hidden />}
        {word}
      </Button>
      {control.simulate && <SimulateButtons botId={bot.botId} disabled={control.disabled} />}
      <Outcome state={state} />
    </div>
  );
}
