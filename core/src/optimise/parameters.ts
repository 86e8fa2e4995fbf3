import type { Dimension, ParamValue } from './space.ts';

/** The parts of a JSON schema that parameters are made of; whatever else stands there is passed over. */
type JsonSchema = {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly exclusiveMinimum?: unknown;
  readonly exclusiveMaximum?: unknown;
  readonly properties?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly allOf?: unknown;
};

/** A parameter that can be searched, with what its schema allows. */
export type Parameter = { readonly path: string } & (
  | {
      readonly kind: 'integer' | 'number';
      /** Infinite where the schema names no limit. */
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'choice'; readonly values: readonly ParamValue[] }
);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isValue = (value: unknown): value is ParamValue =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A limit of a safe integer's size is none that anybody set. */
const limit = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

function numeric(path: string, schema: JsonSchema, kind: 'integer' | 'number'): Parameter {
  // The nearest value that an open end still allows: the next integer, or a hair's breadth.
  const inward = (end: number): number =>
    kind === 'integer' ? 1 : Math.max(1e-9, Math.abs(end) * 1e-9);
  const [above, below] = [limit(schema.exclusiveMinimum), limit(schema.exclusiveMaximum)];
  return {
    path,
    kind,
    min: limit(schema.minimum) ?? (above === undefined ? -Infinity : above + inward(above)),
    max: limit(schema.maximum) ?? (below === undefined ? Infinity : below - inward(below)),
  };
}

function parametersAt(path: string, schema: unknown): readonly Parameter[] {
  if (!isObject(schema)) return [];
  const inner = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap(listOf);
  if (inner.length > 0) return joined(inner.flatMap((each) => parametersAt(path, each)));
  const values = listOf(schema['enum']).filter(isValue);
  if (values.length > 0) return [{ path, kind: 'choice', values }];
  if (isValue(schema['const'])) return [{ path, kind: 'choice', values: [schema['const']] }];
  switch (schema['type']) {
    case 'boolean':
      return [{ path, kind: 'choice', values: [false, true] }];
    case 'integer':
    case 'number':
      return [numeric(path, schema, schema['type'])];
    default:
      break;
  }
  const properties = schema['properties'];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, each]) =>
    parametersAt(path === '' ? name : `${path}.${name}`, each),
  );
}

/** Branches of a union may name the same parameter: its choices are those of all, its first range stands. */
function joined(parameters: readonly Parameter[]): readonly Parameter[] {
  const byPath = new Map<string, Parameter>();
  for (const each of parameters) {
    const known = byPath.get(each.path);
    const isBoth = known?.kind === 'choice' && each.kind === 'choice';
    if (known === undefined) byPath.set(each.path, each);
    else if (isBoth)
      byPath.set(each.path, { ...known, values: [...new Set([...known.values, ...each.values])] });
  }
  return [...byPath.values()];
}

/**
 * The parameters of a schema that a search can change: whole numbers, numbers, choices, yes or no; objects are gone
 * into, lists and free text passed over. Rules between parameters are the schema's own: it refuses such a combination.
 */
export const parametersOf = (schema: JsonSchema): readonly Parameter[] => parametersAt('', schema);

/** A parameter over all that its schema allows; `null` where that is without end or one value only. */
export function wholeDimension(parameter: Parameter): Dimension | null {
  const { path } = parameter;
  if (parameter.kind === 'choice')
    return parameter.values.length < 2 ? null : { path, kind: 'choice', values: parameter.values };
  const { kind, min: from, max: to } = parameter;
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to) return null;
  return kind === 'integer'
    ? { path, kind: 'steps', from: Math.ceil(from), to: Math.floor(to), step: 1 }
    : { path, kind: 'range', from, to };
}
