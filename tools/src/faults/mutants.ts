/** How many deliberate bugs there are, and how many the lab has caught. */
export type MutantCheck = { readonly total: number; readonly caught: number };
