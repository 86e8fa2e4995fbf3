/** One line of a command's result, for people. */
export type Item = { readonly item: string; readonly result: string; readonly ok: boolean };
