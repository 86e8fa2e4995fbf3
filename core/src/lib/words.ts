/** A name of ours as people write it: `volumeReversal` is `volume reversal`, `positionId` is `position id`. */
export const inWords = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

/** The same at the beginning of a line. */
export function asLabel(name: string): string {
  const words = inWords(name);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
