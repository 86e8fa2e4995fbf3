import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFINITIONS } from '@tradewind/core/backtest/definitions';

/** The rows of every table as the formatter does not pad them. */
const rows = readFileSync(join(import.meta.dirname, '../../../../docs/backtest-report.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.replaceAll(/ *\| */g, '|'));

test.each(Object.values(DEFINITIONS))(
  '$name is documented as reports define it',
  ({ name, definition, absent }) => {
    expect(rows).toContain(`|${name}|${definition}|${absent ?? ''}|`);
  },
);
