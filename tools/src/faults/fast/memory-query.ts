import type { Data, Disk, Stored } from './memory-disk.ts';

type Filter = (data: Data) => boolean;
type Sort = { readonly field: string; readonly sign: 1 | -1 };

/** What a query asks of the documents of one collection. */
export type Conditions = {
  readonly filters: readonly Filter[];
  readonly sort?: Sort;
  readonly limit?: number;
};

const comparable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

function compare(a: unknown, b: unknown): number {
  const [x, y] = [comparable(a), comparable(b)];
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  const [s, t] = [String(x), String(y)];
  return s < t ? -1 : Number(s > t);
}

/** @throws Error for an operator that no query here has needed yet: better than a wrong answer. */
export function filterOf(field: string, operator: string, wanted: unknown): Filter {
  const compared = (holds: (order: number) => boolean): Filter => {
    return (data) => field in data && holds(compare(data[field], wanted));
  };
  switch (operator) {
    case '==':
      return compared((order) => order === 0);
    case '<':
      return compared((order) => order < 0);
    case '<=':
      return compared((order) => order <= 0);
    case '>':
      return compared((order) => order > 0);
    case '>=':
      return compared((order) => order >= 0);
    case 'in': {
      const all: readonly unknown[] = Array.isArray(wanted) ? wanted : [];
      return (data) => field in data && all.some((one) => compare(data[field], one) === 0);
    }
    default:
      throw new Error(`The store in memory has no operator ${operator}`);
  }
}

/** The documents that match, in Firestore's order: by what is sorted by, then by id. */
export function select(
  disk: Disk,
  collection: string,
  { filters, sort, limit }: Conditions,
): readonly (readonly [path: string, stored: Stored])[] {
  const found = [...disk.list(collection)].filter(([, { data }]) => {
    return filters.every((matches) => matches(data)) && (sort === undefined || sort.field in data);
  });
  found.sort(([idA, a], [idB, b]) => {
    const order =
      sort === undefined ? 0 : sort.sign * compare(a.data[sort.field], b.data[sort.field]);
    return order === 0 ? compare(idA, idB) : order;
  });
  return found.slice(0, limit).map(([id, stored]) => [`${collection}/${id}`, stored]);
}
