import { parseFeed } from '../desk/feed.ts';
import { Fault } from '../lib/fault.ts';
import { reportOf, type Drill } from './drill.ts';
import { withDrillDesk } from './drill-desk.ts';

function sandboxFeed() {
  const feed = parseFeed('sandbox');
  if (!feed.ok) throw new Fault(feed.error);
  return feed.value;
}

/** The venue is down in the middle of a busy session. */
export const outage: Drill = {
  about: 'the venue is down for five minutes in the middle of a busy session',
  run: (context) =>
    withDrillDesk(
      context,
      { name: 'outage', feed: sandboxFeed, symbols: ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'] },
      async (desk) => {
        const errors = desk.watch.errors();
        return Promise.resolve(
          reportOf({ errors }, [[errors.length === 0, `the desk reported: ${errors.join('; ')}`]]),
        );
      },
    ),
};
