import { Play, Square } from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Aging, Faults } from '../../components/panel.tsx';
import { useCommand } from '../../lib/use-command.ts';
import type { BotControl } from './bot-actions.tsx';
import styles from './bot-card.module.css';
import type { StrategiesView, StrategyCard } from './strategies-view.ts';

const STATUS_TONES = {
  RUNNING: 'positive',
  PAUSED: 'warning',
  STOPPED: 'neutral',
  ERROR: 'negative',
} as const;

function Switch({ card, disabled }: { readonly card: StrategyCard; readonly disabled: boolean }) {
  const start = useCommand('startStrategy');
  const stop = useCommand('stopStrategy');
  const runs = card.status === 'RUNNING' || card.status === 'PAUSED';
  const { state, run } = runs ? stop : start;
  const word = runs ? 'Stop' : 'Start';
  const said =
    state.kind === 'failed' ? state.message : state.kind === 'replied' ? state.reply.message : null;
  const bad = state.kind === 'failed' || (state.kind === 'replied' && !state.reply.ok);
  return (
    <div className={styles['actions']}>
      <Button
        small
        aria-label={`${word} ${card.name}`}
        disabled={disabled || state.kind === 'running'}
        onClick={() => {
          void run((commandId) => ({ commandId, strategyId: card.strategyId }));
        }}
      >
        {runs ? <Square size={12} aria-hidden /> : <Play size={12} aria-hidden />}
        {word}
      </Button>
      {said !== null && (
        <p
          className={classes(styles['outcome'], bad && styles['outcomeBad'])}
          role={bad ? 'alert' : 'status'}
        >
          {said}
        </p>
      )}
    </div>
  );
}

/** Strategies of the book: what each is, and for every market of it whether it is ready or why not. */
export function StrategyList({
  view,
  control,
}: {
  readonly view: StrategiesView;
  readonly control: BotControl | null;
}) {
  return (
    <>
      <Faults faults={view.faults} />
      <ul className={styles['list']} aria-label="Strategies">
        {view.cards.map((card) => (
          <li key={card.strategyId} className={styles['card']}>
            <div className={styles['head']}>
              <h3 className={styles['name']}>{card.name}</h3>
              <span className={styles['spacer']} />
              <Badge tone={STATUS_TONES[card.status]}>{card.status}</Badge>
              <p className={styles['meta']}>{card.family}</p>
            </div>
            {card.lines.map(({ marketKey, symbol, readiness, detail, evaluated }) => (
              <Aging
                key={marketKey}
                stale={evaluated.kind === 'stale' && card.status === 'RUNNING'}
              >
                <p className={styles['readiness']}>
                  <span>
                    {symbol}: {readiness}
                    <small>{detail}</small>
                  </span>
                </p>
              </Aging>
            ))}
            {control !== null && <Switch card={card} disabled={control.disabled} />}
          </li>
        ))}
      </ul>
    </>
  );
}
