import { unreachable } from '@tradewind/core/lib/result';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import type { BotControl } from './bot-actions.tsx';
import styles from './bot-card.module.css';
import { BotCard } from './bot-card.tsx';
import type { BotsView } from './bots-view.ts';
import { StrategyList } from './strategy-list.tsx';
import type { StrategiesView } from './strategies-view.ts';

type Props = {
  readonly view: BotsView;
  readonly strategies: StrategiesView;
  readonly quote: string;
  readonly control: BotControl | null;
};

function Body({ view, strategies, quote, control }: Props) {
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={6} label="Loading bots" />;
    case 'failed':
      return <Failed what="Bots unavailable" message={view.message} />;
    case 'cards':
      return (
        <>
          <Faults faults={view.faults} />
          {view.cards.length + strategies.cards.length === 0 && view.faults.length === 0 && (
            <Empty title="No bots in this book">Create a bot to see it decide here.</Empty>
          )}
          <ul className={styles['list']}>
            {view.cards.map((card) => (
              <BotCard key={card.bot.botId} view={card} quote={quote} control={control} />
            ))}
          </ul>
          <StrategyList view={strategies} control={control} />
        </>
      );
    default:
      return unreachable(view);
  }
}

/** The bots and strategies of the book and their readiness to trade. */
export function BotsPanel(props: Props) {
  const { view } = props;
  const running =
    view.kind === 'cards'
      ? `${view.cards.filter(({ bot }) => bot.status === 'RUNNING').length} of ${view.cards.length} running`
      : undefined;
  return (
    <Panel title="Bots" {...(running === undefined ? {} : { count: running })}>
      <Body {...props} />
    </Panel>
  );
}
