import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import * as z from 'zod';

/** One parameter in words. */
export type Param = {
  readonly name: string;
  readonly type: string;
  readonly range: string;
  /** JSON; empty where it has to be given. */
  readonly default: string;
};

/** What of JSON Schema is looked at. */
const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  anyOf: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
});
const schema = z.looseObject({ properties: z.record(z.string(), property).default({}) });
type Property = z.infer<typeof property>;

/** Whole numbers that JSON Schema names where a person named none. */
const isNamed = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function rangeOf(it: Property): string {
  if (it.enum !== undefined) return it.enum.map(String).join(', ');
  const parts = [
    isNamed(it.minimum) ? `from ${it.minimum}` : '',
    isNamed(it.exclusiveMinimum) ? `above ${it.exclusiveMinimum}` : '',
    isNamed(it.maximum) ? `to ${it.maximum}` : '',
    isNamed(it.exclusiveMaximum) ? `below ${it.exclusiveMaximum}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function typeOf(it: Property): string {
  if (it.enum !== undefined || it.const !== undefined) return 'choice';
  if (it.anyOf !== undefined)
    return it.anyOf.map((one) => typeOf(property.parse(one))).join(' or ');
  return [it.type ?? 'any'].flat().join(' or ');
}

/** A strategy's parameters, in the order of its schema. */
export function paramsOf({ paramsSchema }: StrategyDefinition): Param[] {
  const { properties } = schema.parse(
    z.toJSONSchema(paramsSchema, { io: 'input', unrepresentable: 'any' }),
  );
  return Object.entries(properties).map(([name, it]) => ({
    name,
    type: typeOf(it),
    range: rangeOf(it),
    default: it.default === undefined ? '' : JSON.stringify(it.default),
  }));
}

const HEADS = ['name', 'type', 'range', 'default'] as const;

/** What is longer says more in `--json`. */
const WIDEST = 48;
const clipped = (text: string): string =>
  text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`;

/** Rows of text under heads, in columns. */
export function tableOf(params: readonly Param[]): string {
  const rows = [HEADS, ...params.map((param) => HEADS.map((head) => clipped(param[head])))];
  const widths = HEADS.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
