import { Bell, LogOut, Moon, OctagonX, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Logo } from '../../components/logo.tsx';
import { toneOf } from '../../components/tone.ts';
import { formatMoney, formatPnl } from '../../lib/format.ts';
import type { Theme } from '../../lib/use-theme.ts';
import styles from './header.module.css';
import type { ModeView } from './mode-view.ts';
import type { Money } from '@tradewind/core/lib/units';

type HeaderFigures = {
  readonly quote: string;
  readonly equity: Money | undefined;
  readonly today: Money | undefined;
  readonly total: Money | undefined;
  readonly stale: boolean;
};

export type HeaderProps = {
  readonly connection: {
    readonly kind: 'connecting' | 'connected' | 'stale' | 'silent' | 'offline';
    readonly label: string;
    readonly notice: string | null;
  };
  readonly onConnection: () => void;
  readonly mode: ModeView | null;
  /** Market time in words, while it is not the wall clock's. */
  readonly marketTime: ReactNode;
  readonly figures: HeaderFigures;
  /** `null` when the alerts cannot be read, which is a warning in itself. */
  readonly openAlerts: number | null;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly email: string;
  readonly onLeave: () => void;
  /** `null` for who may not stop trading. */
  readonly onEmergency: (() => void) | null;
  /** Stacked above the header: the emergency bar. */
  readonly above: ReactNode;
  readonly nav: ReactNode;
};

function Modes({ mode, marketTime }: Pick<HeaderProps, 'mode' | 'marketTime'>) {
  if (mode === null) return null;
  const { origin, speed } = mode;
  return (
    <div className={styles['modes']}>
      <span className={classes(styles['mode'], styles[mode.mode.tone])}>{mode.mode.word}</span>
      {origin !== null && (
        <span className={classes(styles['mode'], styles['origin'])}>{origin.word}</span>
      )}
      {speed !== null && (
        <span className={styles['clock']}>
          {speed} · {marketTime}
        </span>
      )}
      {origin !== null && (
        <span className={styles['feed']} title={origin.feed}>
          {origin.feed}
        </span>
      )}
    </div>
  );
}

function Figures({ figures }: { readonly figures: HeaderFigures }) {
  const { quote, equity, today, total } = figures;
  const color = (value: Money | undefined) =>
    styles[{ positive: 'up', negative: 'down', neutral: '', warning: '', info: '' }[toneOf(value)]];
  return (
    <dl className={styles['figures']} data-stale={figures.stale}>
      <div>
        <dt>Equity</dt>
        <dd>{formatMoney(equity, quote)}</dd>
      </div>
      <div>
        <dt>P&amp;L today</dt>
        <dd className={color(today)}>{formatPnl(today, quote)}</dd>
      </div>
      <div>
        <dt>P&amp;L total</dt>
        <dd className={color(total)}>{formatPnl(total, quote)}</dd>
      </div>
    </dl>
  );
}

function BellLink({ openAlerts }: Pick<HeaderProps, 'openAlerts'>) {
  const label =
    openAlerts === null ? 'Alerts cannot be read' : `${openAlerts} unacknowledged alerts`;
  return (
    <Button
      variant="ghost"
      icon
      className={styles['bell']}
      aria-label={label}
      title={label}
      onClick={() => {
        location.hash = '#/activity';
      }}
    >
      <Bell size={18} aria-hidden />
      {openAlerts !== 0 && (
        <span className={styles['badge']} aria-hidden>
          {openAlerts === null ? '!' : Math.min(99, openAlerts)}
        </span>
      )}
    </Button>
  );
}

function Notice({ connection }: Pick<HeaderProps, 'connection'>) {
  if (connection.notice === null) return null;
  const tone = connection.kind === 'stale' ? 'noticeWarning' : 'noticeNegative';
  return (
    <p className={classes(styles['notice'], styles[tone])} role="alert">
      {connection.notice}
    </p>
  );
}

/** What must always be in sight: connection, money, mode, alerts and the emergency button (UI-07). */
export function Header(props: HeaderProps) {
  const { connection, theme, onEmergency } = props;
  const modes = <Modes mode={props.mode} marketTime={props.marketTime} />;
  const figures = <Figures figures={props.figures} />;
  const themeLabel = theme === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <header className={styles['top']}>
      {props.above}
      <div className={styles['row']}>
        <span className={styles['brand']}>
          <Logo size={26} />
          <span className={styles['brandName']}>Tradewind</span>
        </span>
        <button
          type="button"
          className={styles['pill']}
          onClick={props.onConnection}
          data-connection={connection.kind}
        >
          <span className={classes(styles['dot'], styles[connection.kind])} aria-hidden />
          <span role="status">{connection.label}</span>
        </button>
        {modes}
        {figures}
        <div className={styles['actions']}>
          <BellLink openAlerts={props.openAlerts} />
          <Button
            variant="ghost"
            icon
            aria-label={themeLabel}
            title={themeLabel}
            onClick={props.onTheme}
          >
            {theme === 'dark' ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
          </Button>
          <Button
            variant="ghost"
            icon
            aria-label={`Sign out ${props.email}`}
            title={`Sign out ${props.email}`}
            onClick={props.onLeave}
          >
            <LogOut size={18} aria-hidden />
          </Button>
          {onEmergency !== null && (
            <Button
              variant="danger"
              className={styles['emergency']}
              aria-label="Emergency stop"
              aria-keyshortcuts="Control+Shift+E"
              title="Emergency stop (Ctrl+Shift+E)"
              onClick={onEmergency}
            >
              <OctagonX size={16} aria-hidden />
              <span className={styles['longWord']}>Emergency stop</span>
              <span className={styles['shortWord']}>Stop</span>
            </Button>
          )}
        </div>
      </div>
      <div className={styles['second']}>
        {modes}
        {figures}
      </div>
      <Notice connection={connection} />
      {props.nav}
    </header>
  );
}
