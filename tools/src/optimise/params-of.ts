import type { ParamValue } from '@tradewind/core/optimise/space';
import { paramsAt } from '@tradewind/core/optimise/space';

/** Parameters with values by path put in their places: a space of one combination. */
export const paramsOf = (
  base: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, ParamValue>>,
): Readonly<Record<string, unknown>> => {
  const space = Object.entries(values).map(
    ([path, value]) => ({ path, kind: 'choice', values: [value] }) as const,
  );
  return paramsAt(
    base,
    space,
    space.map(() => 0),
  );
};
