/** UTF-8 bytes and one more, as Firestore counts text. */
const textSize = (text: string): number => Buffer.byteLength(text) + 1;

/** Beside its fields, a document or map takes this. */
const MAP_BYTES = 32;
const NUMBER_BYTES = 8;

const isTimestamp = (value: object): boolean => value instanceof Date || 'toMillis' in value;

const arraySize = (items: readonly unknown[]): number =>
  items.reduce<number>((sum, item) => sum + valueSize(item), 0);

function valueSize(value: unknown): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'number' || typeof value === 'bigint') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return arraySize(value);
  return isTimestamp(value) ? NUMBER_BYTES : fieldsSize(value);
}

function fieldsSize(fields: object): number {
  let sum = MAP_BYTES;
  for (const [name, value] of Object.entries(fields) as [string, unknown][])
    sum += textSize(name) + valueSize(value);
  return sum;
}

/**
 * Bytes that a document takes in storage, without its indexes; what a read of it sends is about the same.
 *
 * Firestore's published rules (firebase.google.com/docs/firestore/storage-size): text is its UTF-8 bytes + 1;
 * numbers and times 8; booleans and null 1; a map its names and values + 32; the name of the document its
 * path's parts + 16.
 *
 * @param data The document as it is stored: `Date` or `Timestamp` for times.
 */
export function documentSize(path: string, data: object): number {
  const name = path.split('/').reduce((sum, part) => sum + textSize(part), 16);
  return name + fieldsSize(data);
}
