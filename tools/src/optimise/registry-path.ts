/** The module that threads take strategies from. */
export const REGISTRY = new URL('../../../strategies/src/registry.ts', import.meta.url).href;
