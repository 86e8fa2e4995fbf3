import type { BotDoc } from '@tradewind/contracts/documents/bot';
import {
  ArrowDown,
  ArrowUp,
  CircleCheck,
  CircleHelp,
  CirclePause,
  Cuboid,
  Flame,
  Hourglass,
  Minus,
  Snowflake,
  Thermometer,
} from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { classes } from '../../components/classes.ts';
import { Aging } from '../../components/panel.tsx';
import {
  formatAge,
  formatCountdown,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPnl,
  formatQty,
  formatScore,
} from '../../lib/format.ts';
import { BotActions, type BotControl } from './bot-actions.tsx';
import styles from './bot-card.module.css';
import type { BotCardView, Part, Readiness } from './bots-view.ts';

const TEMPERATURES = {
  HOT: { Icon: Flame, word: 'Hot', style: 'hot' },
  WARM: { Icon: Thermometer, word: 'Warm', style: 'warm' },
  COOL: { Icon: Snowflake, word: 'Cool', style: 'cool' },
  FROZEN: { Icon: Cuboid, word: 'Frozen', style: 'frozen' },
} as const;
const ACTIONS = {
  BUY: { Icon: ArrowUp, tone: 'positive' },
  SELL: { Icon: ArrowDown, tone: 'negative' },
  HOLD: { Icon: Minus, tone: 'neutral' },
} as const;
const STATUS_TONES = { RUNNING: 'positive', STOPPED: 'neutral', ERROR: 'negative' } as const;

function PartBar({ part }: { readonly part: Part }) {
  const score = part.score ?? 0;
  return (
    <>
      <span className={styles['partName']}>
        {part.name} <span aria-label="weight">×{formatNumber(part.weight, 2)}</span>
      </span>
      <span className={styles['track']} aria-hidden>
        <span
          className={classes(styles['fill'], score >= 0 ? styles['up'] : styles['down'])}
          style={{ width: `${Math.min(1, Math.abs(score)) * 50}%` }}
        />
      </span>
      <span>{formatScore(part.score)}</span>
    </>
  );
}

function ReadinessLine({ readiness }: { readonly readiness: Readiness }) {
  switch (readiness.kind) {
    case 'ready':
      return (
        <p className={classes(styles['readiness'], styles['ready'])}>
          <CircleCheck size={15} aria-hidden /> Ready to trade
        </p>
      );
    case 'stopped':
      return (
        <p className={styles['readiness']}>
          <CirclePause size={15} aria-hidden /> Stopped
        </p>
      );
    case 'unknown':
      return (
        <p className={styles['readiness']}>
          <CircleHelp size={15} aria-hidden /> Not evaluated yet
        </p>
      );
    case 'blocked':
      return (
        <p className={styles['readiness']}>
          <Hourglass size={15} aria-hidden />
          <span>
            <span className="visually-hidden">Blocked: </span>
            {readiness.what}
            <small>
              {readiness.detail === '' ? '' : `${readiness.detail} · `}
              {readiness.clears}
            </small>
          </span>
        </p>
      );
  }
}

function Thinking({ view }: { readonly view: BotCardView }) {
  const { status } = view;
  if (status === undefined) return null;
  const { Icon, word, style } = TEMPERATURES[status.temperature];
  const action = ACTIONS[status.action];
  return (
    <>
      <div className={styles['score']}>
        <span className={classes(styles['temperature'], styles[style])}>
          <Icon size={15} aria-hidden /> {word}
        </span>
        <span className={styles['value']} aria-label="Score">
          {formatScore(status.score)}
        </span>
        <Badge tone={action.tone}>
          <action.Icon size={12} aria-hidden /> {status.action}
        </Badge>
        <span className={classes(styles['muted'], styles['spacer'])}>
          acts at ±{formatNumber(status.actionThreshold, 3)}
        </span>
      </div>
      <div className={styles['parts']}>
        {view.parts.map((part) => (
          <PartBar key={part.name} part={part} />
        ))}
      </div>
      <div>
        <div className={styles['progress']} aria-hidden>
          <span style={{ width: `${status.progressPct}%` }} />
        </div>
        <p className={styles['line']}>
          <span>{formatNumber(status.progressPct, 0)} % of the way to a signal</span>
          {view.confirmingFor !== null && (
            <span>confirms in {formatCountdown(view.confirmingFor)}</span>
          )}
          {view.coolingFor !== null && <span>cools {formatCountdown(view.coolingFor)}</span>}
        </p>
      </div>
    </>
  );
}

const evaluatedText = ({ evaluated }: BotCardView): string =>
  evaluated.kind === 'unknown' ? 'never evaluated' : `evaluated ${formatAge(evaluated.age)} ago`;

/** What the last nightly replay came to, with the day and the count. */
function ParityLine({ parity }: { readonly parity: NonNullable<BotCardView['parity']> }) {
  const { scorePct, found, evaluations, equal, from } = parity;
  if (scorePct === null) return null;
  const day = new Date(from).toISOString().slice(0, 10);
  return (
    <p className={styles['line']}>
      <span title={`${equal} of ${evaluations} evaluations of ${day} replay to the same decision`}>
        Replayed {day}: {formatNumber(scorePct, 2)} % equal
      </span>
      {found > 0 && <Badge tone="negative">{found} differ</Badge>}
    </p>
  );
}

/** Whether it may be left to trade alone (PF-16): judged every hour on what it has shown on paper. */
function AutomationLine({ readiness }: { readonly readiness: NonNullable<BotDoc['readiness']> }) {
  const { status, missing } = readiness;
  return (
    <p className={styles['line']}>
      <span>
        {status === 'READY'
          ? 'Has shown what automation needs'
          : `Automation needs ${missing.join('; ')}`}
      </span>
      <Badge tone={status === 'READY' ? 'positive' : 'neutral'}>
        {status === 'READY' ? 'READY' : 'NOT READY'}
      </Badge>
    </p>
  );
}

/** One bot: what it thinks, why it does not trade, what it holds (UI-40 to UI-42). */
export function BotCard({
  view,
  quote,
  control,
}: {
  readonly view: BotCardView;
  readonly quote: string;
  readonly control: BotControl | null;
}) {
  const { bot, position, lastTrade } = view;
  const old = view.evaluated.kind === 'stale' && bot.status === 'RUNNING';
  return (
    <li className={styles['card']} data-bot-id={bot.botId}>
      <div className={styles['head']}>
        <h3 className={styles['name']}>{bot.name}</h3>
        <span className={styles['spacer']} />
        <Badge tone={STATUS_TONES[bot.status]}>{bot.status}</Badge>
        <p className={styles['meta']}>
          {bot.symbol} · {bot.timeframe} · {formatMoney(bot.positionSizeQuote, quote)} a trade
        </p>
      </div>
      <Aging stale={old}>
        <div style={{ display: 'grid', gap: 'var(--space-3)' }}>
          <Thinking view={view} />
        </div>
      </Aging>
      <ReadinessLine readiness={view.readiness} />
      <p className={styles['line']}>
        <span>
          {position !== undefined
            ? `Holds ${formatQty(position.quantity)} ${position.side}`
            : lastTrade !== undefined
              ? `Last trade ${formatPnl(lastTrade.netPnl, quote)} (${formatPercent(lastTrade.netPnlPct)})`
              : 'No trade yet'}
        </span>
        <span
          className={classes(old && styles['old'])}
          title={view.status === undefined ? undefined : 'age of the last evaluation'}
        >
          {old ? 'stale: ' : ''}
          {evaluatedText(view)}
        </span>
      </p>
      {bot.readiness !== undefined && <AutomationLine readiness={bot.readiness} />}
      {view.parity !== undefined && <ParityLine parity={view.parity} />}
      {control !== null && <BotActions bot={bot} control={control} />}
    </li>
  );
}
