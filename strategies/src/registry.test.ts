import { STRATEGIES, strategyById } from './registry.ts';

test('STR-01 every strategy has all that the interface asks for, under an id of its own', () => {
  expect(new Set(STRATEGIES.map(({ id }) => id)).size).toBe(STRATEGIES.length);
  for (const definition of STRATEGIES) {
    const { id, kind, version, title } = definition;
    expect(strategyById(id)).toBe(definition);
    expect(['bot', 'sectioned', 'hierarchical', 'confluence', 'module']).toContain(kind);
    expect(version).toMatch(/^\d+(\.\d+){0,2}$/);
    expect(title).not.toBe('');
    expect(definition.paramsSchema.safeParse({ noSuchParameter: 1 }).success).toBe(false);
    const hooks = ['onOrder', 'onPosition', 'onPause', 'onResume', 'onFailed', 'onRestart'];
    const prepared = definition.prepare(PARAMS[id] ?? {});
    if (!prepared.ok) throw new Error(`${id}: ${prepared.error}`);
    for (const name of ['init', 'evaluate', 'takeRecords', 'describe', ...hooks])
      expect(prepared.value).toHaveProperty(name, expect.any(Function));
    const { timeframe, warmupBars, variants, windows, structure } = prepared.value.needs;
    expect(['1m', '5m', '15m', '1h']).toContain(timeframe);
    expect(warmupBars).toBeGreaterThanOrEqual(0);
    expect([variants, windows, structure]).not.toContain(undefined);
    // What it keeps is plain data, which can be stored and taken up again (STR-05).
    const memory = prepared.value.init();
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
  }
});

test('STR-01 the families that share the interface are all there', () => {
  const kinds = new Set(STRATEGIES.map(({ kind }) => kind));
  for (const kind of ['bot', 'sectioned', 'hierarchical', 'confluence'])
    expect(kinds).toContain(kind);
});

/** Where a strategy has no defaults for all of its parameters. */
const ON = (name: string) => ({
  conditions: [{ id: name, condition: 'RSI_14', operator: 'gt', value: 50 }],
});
const PARAMS: Readonly<Record<string, object>> = {
  'five-section': { S1: ON('s'), Z1: ON('z') },
};
