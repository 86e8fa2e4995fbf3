import type { Role } from '@tradewind/contracts/documents/system';
import { dataOf } from '../lib/loaded.ts';
import { may } from '../lib/policy.ts';
import type { Theme } from '../lib/use-theme.ts';
import type { DeskData } from './use-desk-data.ts';

/** What the pages need besides the data. */
export type PageContext = {
  readonly data: DeskData;
  readonly role: Role;
  readonly theme: Theme;
  readonly commandsDisabled: boolean;
  readonly onMoreOrders: (() => void) | null;
};

export const quoteOf = ({ book }: DeskData): string => book?.quote ?? '';

/** Name of a bot by its strategy id; the id where there is no such bot. */
export const strategyNames =
  ({ bots }: DeskData) =>
  (strategyId: string): string =>
    dataOf(bots).find(({ botId }) => botId === strategyId)?.name ?? strategyId;

/** Control of a command for a role: `null` hides it, `disabled` while offline (UI-05, UI-16). */
export const controlFor = (
  { role, commandsDisabled }: Pick<PageContext, 'role' | 'commandsDisabled'>,
  command: Parameters<typeof may>[1],
): { readonly disabled: boolean } | null =>
  may(role, command) ? { disabled: commandsDisabled } : null;
