import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { tradingConfigDoc } from '@tradewind/contracts/documents/trading-config';
import { paths } from '@tradewind/contracts/paths';
import { CONFIGURATIONS } from '@tradewind/core/strategy/configurations/configuration';
import type { Actor, Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';

type Ports = { readonly store: Store; readonly clock: Clock };

/** Writes a trading configuration under its id; those of the table keep their names to themselves. */
export async function handleSaveTradingConfig(
  { store, clock }: Ports,
  { configId, name, configuration }: Command<'saveTradingConfig'>,
  { name: savedBy }: Pick<Actor, 'name'>,
): Promise<CommandReply> {
  if (configId in CONFIGURATIONS)
    return refuse(
      'refused',
      `"${configId}" is a configuration that comes with Tradewind. Choose another id.`,
    );
  await store.set(paths.tradingConfig(configId), tradingConfigDoc, {
    ...{ configId, name, configuration, savedBy, updatedAt: clock.wallNow() },
  });
  return { ok: true, code: 'saved', message: `${name} is saved.`, id: configId };
}
