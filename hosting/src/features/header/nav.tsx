import {
  Activity,
  Bell,
  ChartCandlestick,
  ListOrdered,
  Radar,
  Server,
  TrendingUp,
} from 'lucide-react';
import { hashOf, ROUTES, type Route } from '../../lib/routes.ts';
import styles from './header.module.css';

const PAGES = {
  overview: { word: 'Overview', Icon: ChartCandlestick },
  market: { word: 'Market', Icon: Activity },
  orders: { word: 'Orders', Icon: ListOrdered },
  signals: { word: 'Signals', Icon: Radar },
  performance: { word: 'Performance', Icon: TrendingUp },
  activity: { word: 'Alerts', Icon: Bell },
  system: { word: 'System', Icon: Server },
} as const;

/** Pages of the desk: a row below the header, on a phone the bar at the bottom. */
export function Nav({ route }: { readonly route: Route }) {
  return (
    <nav className={styles['nav']} aria-label="Pages">
      {ROUTES.map((one) => {
        const { word, Icon } = PAGES[one];
        return (
          <a key={one} href={hashOf(one)} aria-current={one === route ? 'page' : undefined}>
            <Icon size={15} aria-hidden />
            {word}
          </a>
        );
      })}
    </nav>
  );
}
