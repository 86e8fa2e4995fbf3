import { configurationSchema } from '@tradewind/core/strategy/configurations/configuration';
import * as z from 'zod';
import { id, time } from '../wire.ts';

/** `tradingConfigs/{id}`: a trading configuration of one's own, that sessions may name (03, section 6). */
export const tradingConfigDoc = z.strictObject({
  configId: id,
  name: z.string().trim().min(1).max(60),
  configuration: configurationSchema,
  savedBy: z.string(),
  /** Wall clock. */
  updatedAt: time,
});
