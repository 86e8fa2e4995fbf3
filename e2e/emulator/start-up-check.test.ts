import { runGate } from '@tradewind/adapters/execution/run-gate';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc, strategyVersionDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { handleStartBot } from '../../functions/src/bots/handle-set-bot-status.ts';
import { handleStrategyCommand } from '../../functions/src/strategies/handle-strategy-command.ts';
import { bot, strategy, strategyVersion } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`start-up-${projects}`, { memory: true });
  const { store } = desk.ledger;
  await desk.ledger.clear();
  await desk.seed();
  await store.set(paths.bot('late'), botDoc, bot({ botId: 'late', status: 'STOPPED' }));
  const stopped = { params: { fast: 3, slow: 6, timeframe: '1m' }, id: 'sma-cross' } as const;
  await store.set(
    paths.strategy('cross'),
    strategyDoc,
    strategy({ status: 'STOPPED', strategy: stopped }),
  );
  await store.set(
    paths.strategyVersion('cross', 1),
    strategyVersionDoc,
    strategyVersion({ strategy: stopped }),
  );
});
afterEach(() => desk.ledger.close());

type Start = readonly [name: string, start: (ports: Desk['ports']) => Promise<unknown>];
const STARTS: readonly Start[] = [
  ['a bot', (ports) => handleStartBot(ports, 'late')],
  ['a strategy', (ports) => handleStrategyCommand(ports, 'cross', 'start')],
];
const statuses = async () => {
  const { store } = desk.ledger;
  const started = await store.get(paths.bot('late'), botDoc);
  const other = await store.get(paths.strategy('cross'), strategyDoc);
  return [started?.status, other?.status];
};

describe.each(STARTS)(
  'EXE-04 %s does not run where nobody turns its signals into orders',
  (_, start) => {
    test('with a gate and a venue it starts', async () => {
      expect(await start(desk.ports)).toMatchObject({ ok: true, code: 'running' });
    });

    test('its book has no venue here', async () => {
      const venueOf = () => Promise.reject(new Error('paper books trade at the sandbox'));
      expect(await start({ ...desk.ports, venueOf })).toMatchObject({
        ...{ ok: false, code: 'no_consumer' },
        message: 'Signals in Paper would lead to no order: paper books trade at the sandbox.',
      });
      expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
    });

    test('its book has nothing that the gate could decide by', async () => {
      await desk.ledger.store.firestore.doc(paths.riskState('paper')).delete();
      expect(await start(desk.ports)).toMatchObject({ ok: false, code: 'no_consumer' });
      expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
    });

    test('signals wait undecided: the gate does not run, until it does', async () => {
      await desk.signal();
      desk.ledger.pass(60_001);
      expect(await start(desk.ports)).toMatchObject({ ok: false, code: 'no_consumer' });
      expect(await statuses()).toEqual(['STOPPED', 'STOPPED']);
      await runGate(desk.ports, 'paper');
      expect(await start(desk.ports)).toMatchObject({ ok: true, code: 'running' });
    });
  },
);
