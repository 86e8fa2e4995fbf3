import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { alertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';

/** ACTIVE → ACKNOWLEDGED, with who and when; an alert that is no longer active stays as it is. */
export function handleAcknowledgeAlert(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { alertId, by }: { readonly alertId: string; readonly by: string },
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const path = paths.alert(alertId);
    const alert = await tx.get(path, alertDoc);
    if (alert === undefined)
      return { ok: false, code: 'not_found', message: `There is no alert "${alertId}".` };
    if (alert.state !== 'ACTIVE')
      return {
        ok: true,
        code: 'unchanged',
        message: `The alert is ${alert.state.toLowerCase()} already.`,
        id: alertId,
      };
    tx.set(path, alertDoc, {
      ...alert,
      state: 'ACKNOWLEDGED',
      acknowledgedBy: by,
      acknowledgedAt: clock.wallNow(),
    });
    return { ok: true, code: 'acknowledged', message: 'Acknowledged.', id: alertId };
  });
}
