/** What a parameter may be set to by a search. */
export type ParamValue = number | string | boolean;

/** One parameter under search. A coordinate is the number of a step or choice, or the value within a range. */
export type Dimension = {
  /** Where it stands in the parameters, such as `signalConfig.rsi.period`. */
  readonly path: string;
} & (
  | { readonly kind: 'steps'; readonly from: number; readonly to: number; readonly step: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'choice'; readonly values: readonly ParamValue[] }
);

/** The parameters under search; all others keep their values. */
export type Space = readonly Dimension[];

/** One combination: a coordinate for each dimension, in the space's order. */
export type Point = readonly number[];

/** How many values a dimension has; infinite for a range. */
export function sizeOf(dimension: Dimension): number {
  switch (dimension.kind) {
    case 'steps':
      // A hundredth of a millionth of a step is rounding, not a step too few.
      return Math.floor((dimension.to - dimension.from) / dimension.step + 1e-8) + 1;
    case 'range':
      return Infinity;
    case 'choice':
      return dimension.values.length;
  }
}

/** How many combinations there are; infinite with a range among them. */
export const combinationsOf = (space: Space): number =>
  space.reduce((product, dimension) => product * sizeOf(dimension), 1);

/** 0.1 + 2 × 0.1 is 0.3 here. */
const withoutNoise = (x: number): number => Number(x.toPrecision(12));

/** The value at a coordinate. @throws RangeError for a choice that is not there. */
export function valueAt(dimension: Dimension, coordinate: number): ParamValue {
  switch (dimension.kind) {
    case 'steps':
      return withoutNoise(dimension.from + coordinate * dimension.step);
    case 'range':
      return coordinate;
    case 'choice': {
      const value = dimension.values[coordinate];
      if (value === undefined)
        throw new RangeError(`Invariant: ${dimension.path} has no choice ${coordinate}`);
      return value;
    }
  }
}

type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withValue(tree: Tree, names: readonly string[], value: ParamValue): Tree {
  const [name, ...rest] = names;
  if (name === undefined) return tree;
  if (rest.length === 0) return { ...tree, [name]: value };
  const inner = tree[name];
  return { ...tree, [name]: withValue(isTree(inner) ? inner : {}, rest, value) };
}

/** The parameters of a combination: `base` with the space's values put in their places; `base` stays as it is. */
export const paramsAt = (base: Tree, space: Space, point: Point): Tree =>
  space.reduce<Tree>((params, dimension, index) => {
    const value = valueAt(dimension, point[index] ?? 0);
    return withValue(params, dimension.path.split('.'), value);
  }, base);

/** The values of a combination by path, as reports show them. */
export const valuesAt = (space: Space, point: Point): Readonly<Record<string, ParamValue>> =>
  Object.fromEntries(
    space.map((dimension, index) => [dimension.path, valueAt(dimension, point[index] ?? 0)]),
  );
