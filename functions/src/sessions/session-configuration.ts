import { isDeepStrictEqual } from 'node:util';
import type { StoreTx } from '@tradewind/adapters/ledger/store';
import type { StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { tradingConfigDoc } from '@tradewind/contracts/documents/trading-config';
import { paths } from '@tradewind/contracts/paths';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import {
  configurationChoice,
  configurationOf,
  CONFIGURATIONS,
  RECIPE_IDS,
  type TradingConfiguration,
} from '@tradewind/core/strategy/configurations/configuration';
import { checkChoice, type Fault } from '@tradewind/strategies/check';
import * as z from 'zod';

/** The one configuration of a session (STR-72); both `null` where none of its strategies takes one. */
export type SessionConfiguration = {
  readonly configId: string | null;
  readonly configuration: TradingConfiguration | null;
  /** Strategies that go by it. */
  readonly strategyIds: readonly string[];
};

const ownChoice = z.object({ configuration: configurationChoice.nullable().default(null) });

/** The configuration that a strategy's parameters name; `null` where they take none. */
function choiceOf({ strategy }: Pick<StrategyDoc, 'strategy'>) {
  const prepared = checkChoice(strategy, { live: false });
  return prepared.ok ? choiceIn(prepared.value.params) : null;
}

/** The configuration that parameters name, as a strategy's own schema has read them; `null` where they take none. */
export function choiceIn(params: unknown): z.infer<typeof configurationChoice> | null {
  const own = ownChoice.safeParse(params);
  return own.success ? own.data.configuration : null;
}

async function named(
  tx: Pick<StoreTx, 'get'>,
  configId: string,
): Promise<TradingConfiguration | undefined> {
  const preset = Object.entries(CONFIGURATIONS).find(([name]) => name === configId);
  if (preset !== undefined) return preset[1];
  return (await tx.get(paths.tradingConfig(configId), tradingConfigDoc))?.configuration;
}

/** Whether a configuration enables a strategy that is one of the recipes; all others it says nothing of. */
function isEnabled({ recipes }: TradingConfiguration, strategyId: string): boolean {
  const recipe = RECIPE_IDS.find((one) => one.replaceAll('_', '-') === strategyId);
  return recipe === undefined || recipes.includes(recipe);
}

/** The configuration that is active in a session: the one that is named, else the one that all strategies name. */
export async function configurationFor(
  tx: Pick<StoreTx, 'get'>,
  configId: string | undefined,
  strategies: readonly StrategyDoc[],
): Promise<Result<SessionConfiguration, readonly Fault[]>> {
  const users = strategies.flatMap((strategy) => {
    const choice = choiceOf(strategy);
    return choice === null ? [] : [{ strategy, choice, own: configurationOf(choice) }];
  });
  const [first] = users;
  const active = configId === undefined ? (first?.own ?? null) : await named(tx, configId);
  if (active === undefined)
    return err([
      { field: 'configId', fault: `there is no trading configuration "${configId ?? ''}"` },
    ]);
  const strategyIds = users.map(({ strategy }) => strategy.strategyId);
  if (active === null) return ok({ configId: null, configuration: null, strategyIds });
  const faults = users.flatMap(({ strategy, own }): Fault[] => {
    if (!isDeepStrictEqual(own, active))
      return [
        {
          field: 'strategyIds',
          fault: `${strategy.name} goes by another trading configuration than the session's: one is active in a session`,
        },
      ];
    return isEnabled(active, strategy.strategy.id)
      ? []
      : [
          {
            field: 'strategyIds',
            fault: `the session's trading configuration does not enable ${strategy.strategy.id}`,
          },
        ];
  });
  if (faults.length > 0) return err(faults);
  const name = configId ?? (typeof first?.choice === 'string' ? first.choice : null);
  return ok({ configId: name, configuration: active, strategyIds });
}
