/** `39,000`: a whole number of things. */
export const count = (x: number): string => Math.round(x).toLocaleString('en');
