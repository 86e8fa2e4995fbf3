import * as z from 'zod';
import { conditionVariant } from '../../indicator/variant-name.ts';
import { LEAST_MOVE_PCT, OPERATORS, type Operator } from './check.ts';
import { PROFIT } from './source.ts';

const MAX_CONDITIONS = 50;
const MAX_GROUPS = 10;
const DAY_SECONDS = 86_400;

/** Which second number an operator takes, if any. */
const SECOND: Readonly<Partial<Record<Operator, 'upper bound' | 'percentage'>>> = {
  between: 'upper bound',
  outside: 'upper bound',
  withinPct: 'percentage',
};
const isMove = (operator: Operator): boolean => operator === 'rising' || operator === 'falling';

type Operands = {
  readonly operator: Operator;
  readonly value?: number | undefined;
  readonly value2?: number | undefined;
};

/** What is wrong with an operator's numbers, and with which of them; `null` when nothing is. */
function operandFault({ operator, value, value2 }: Operands): [string, string] | null {
  if (value === undefined)
    return isMove(operator) ? null : ['value', `${operator} needs a value to compare with`];
  if (isMove(operator) && value <= 0)
    return ['value', `${operator} takes the least move in percent, above 0, not ${value}`];
  const second = SECOND[operator];
  if (second === undefined)
    return value2 === undefined
      ? null
      : ['value2', `${operator} compares with one value: leave value2 out`];
  if (value2 === undefined) return ['value2', `${operator} needs value2, its ${second}`];
  if (second === 'percentage')
    return value2 > 0 && value !== 0
      ? null
      : ['value2', `withinPct takes a percentage above 0 of a value that is not 0`];
  return value < value2 ? null : ['value2', `must be above value: ${value2} is not above ${value}`];
}

/** Reports the first of a name that stands for two things. */
const isOnce = (names: readonly string[]): boolean => new Set(names).size === names.length;

const condition = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[A-Za-z][\w-]{0,39}$/,
        'an id begins with a letter and has letters, digits, - and _, at most 40',
      ),
    /** A name of IND-40 such as `rsi`, a variant such as `RSI_14`, or `profit_pct`. */
    condition: z.string().min(1).max(100),
    operator: z.enum(OPERATORS, { error: `is none of ${OPERATORS.join(', ')}` }),
    value: z.number().optional(),
    value2: z.number().optional(),
    /** How long it has to hold without a break before it counts, market time. */
    holdSeconds: z.number().min(0).max(DAY_SECONDS).default(0),
    /** Numbers of the variant in place of its defaults, such as [7] for an RSI of 7 bars. */
    params: z.array(z.number()).max(10).default([]),
    negate: z.boolean().default(false),
  })
  .superRefine((operands, context) => {
    const fault = operandFault(operands);
    if (fault === null) return;
    const [path, message] = fault;
    context.addIssue({ code: 'custom', path: [path], message });
  })
  .transform(({ value = LEAST_MOVE_PCT, value2 = 0, ...rest }) => ({ ...rest, value, value2 }));
export type Condition = z.infer<typeof condition>;

const members = {
  /** How many members have to be true: `all`, `any`, or `atLeast` k. */
  logic: z.enum(['all', 'any', 'atLeast']).default('all'),
  k: z.int().min(1).optional(),
  conditions: z.array(condition).max(MAX_CONDITIONS).default([]),
} as const;

/** What is wrong with a group's count; `null` when nothing is. */
function countFault({ logic, k }: Pick<Group, 'logic' | 'k'>, size: number): string | null {
  if (logic !== 'atLeast') return k === undefined ? null : `only atLeast takes k, not ${logic}`;
  if (k === undefined) return 'atLeast needs k, how many have to be true';
  return k <= size || size === 0 ? null : `${k} of ${size} can never be true`;
}

const checkedCount = (group: Group, context: z.RefinementCtx): void => {
  const fault = countFault(group, group.conditions.length + (group.groups?.length ?? 0));
  if (fault !== null) context.addIssue({ code: 'custom', path: ['k'], message: fault });
};
const checkedGroup = (group: Group, context: z.RefinementCtx): void => {
  checkedCount(group, context);
  if (group.conditions.length + (group.groups?.length ?? 0) === 0)
    context.addIssue({ code: 'custom', message: 'a group needs a condition or a group in it' });
};

/** Conditions and groups of conditions. */
export type Group = {
  readonly logic: 'all' | 'any' | 'atLeast';
  readonly k?: number | undefined;
  readonly conditions: readonly Condition[];
  readonly groups?: readonly Group[] | undefined;
};

const tooDeep = z
  .array(z.unknown())
  .max(0, 'groups nest three deep at most (STR-31)')
  .optional()
  .transform(() => undefined);
const deepest = z.strictObject({ ...members, groups: tooDeep }).superRefine(checkedGroup);
const middle = z
  .strictObject({ ...members, groups: z.array(deepest).max(MAX_GROUPS).default([]) })
  .superRefine(checkedGroup);
const outer = z
  .strictObject({ ...members, groups: z.array(middle).max(MAX_GROUPS).default([]) })
  .superRefine(checkedGroup);
const section = z
  .strictObject({ ...members, groups: z.array(outer).max(MAX_GROUPS).default([]) })
  .superRefine(checkedCount)
  .refine((group) => isOnce(conditionsOf(group).map(({ id }) => id)), {
    error: 'two conditions of a section have the same id',
  });

/** All conditions of a group and its groups, in order. */
export const conditionsOf = ({ conditions, groups }: Group): readonly Condition[] => [
  ...conditions,
  ...(groups ?? []).flatMap(conditionsOf),
];

const neverEmpty = (what: string) =>
  section.refine((group) => conditionsOf(group).length > 0, {
    error: `is empty: ${what}`,
  });

export const SECTIONS = ['S1', 'O1', 'Z1', 'ZE1', 'E1'] as const;
export type SectionName = (typeof SECTIONS)[number];

const settings = z.strictObject({
  timeframe: z.enum(['1m', '5m', '15m', '1h']).default('1m'),
  direction: z.enum(['LONG', 'SHORT']).default('LONG'),
  /** How long an opportunity that S1 spotted may wait for Z1. */
  signalTtlSeconds: z.number().min(1).max(DAY_SECONDS).default(120),
  /** Least time from one S1 to the next (STR-37). */
  minSignalIntervalSeconds: z.number().min(0).max(DAY_SECONDS).default(5),
  /** Pause after an entry that was refused, or ended with nothing filled. */
  rearmSeconds: z.number().min(0).max(DAY_SECONDS).default(30),
  /** Pause after the last fill. */
  cooldownSeconds: z.number().min(0).max(DAY_SECONDS).default(900),
  /** Orders that fail in a row before the strategy is disabled (RSK-66). */
  orderFailureLimit: z.int().min(1).max(100).default(10),
  S1: neverEmpty('without S1 no opportunity is ever spotted (STR-31)'),
  O1: section.prefault({}),
  Z1: neverEmpty('without Z1 nothing is ever entered (STR-31)'),
  ZE1: section.prefault({}),
  E1: section.prefault({}),
});
export type SectionedSettings = z.infer<typeof settings>;

type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

/** What is wrong with the names that conditions use; unknown ones are told all at once (STR-39). */
function nameFaults(params: SectionedSettings): readonly Fault[] {
  const unknown = new Set<string>();
  const faults: Fault[] = [];
  for (const name of SECTIONS)
    for (const { id, condition: wanted, params: numbers } of conditionsOf(params[name])) {
      const path = [name, id];
      if (wanted === PROFIT) {
        if (name !== 'ZE1' && name !== 'E1')
          faults.push({
            path,
            message: `${PROFIT} is known only of a position: use it in ZE1 and E1`,
          });
        if (numbers.length > 0) faults.push({ path, message: `${PROFIT} takes no params` });
        continue;
      }
      const variant = conditionVariant(wanted, numbers);
      if (variant.ok) continue;
      if (variant.error.kind === 'unknown-base') unknown.add(wanted);
      else faults.push({ path, message: variant.error.message });
    }
  if (unknown.size === 0) return faults;
  const message = `unknown conditions: ${[...unknown].join(', ')}; use a name such as rsi or pump_magnitude_pct, or a variant such as RSI_14`;
  return [{ path: [], message }, ...faults];
}

/** What a person writes, parsed: defaults filled in, and every name known. */
export const sectionedSettings = settings.superRefine((params, context) => {
  for (const { path, message } of nameFaults(params))
    context.addIssue({ code: 'custom', path: [...path], message });
});

/** Why parameters that are well formed may not trade real money, in words; nothing = they may (STR-31). */
export const sectionedFaults = ({ E1 }: Pick<SectionedSettings, 'E1'>): readonly string[] =>
  conditionsOf(E1).length === 0
    ? ['E1: is empty: a book of real money needs an emergency exit (STR-31)']
    : [];
