import { weighted } from './weighted.ts';
import { botFromPreset } from './presets.ts';

test('STR-10 STR-20 what is left out of the parameters is as in a new balanced bot', () => {
  const prepared = weighted.prepare({});
  if (!prepared.ok) throw new Error(prepared.error);
  expect(botFromPreset('balanced', 'mine')).toMatchObject(prepared.value.params as object);
});

test('STR-11 says what is wrong with which parameter', () => {
  const prepared = weighted.prepare({ confirmationMinutes: 61, size: 5 });
  expect(prepared).toMatchObject({ ok: false });
  expect(!prepared.ok && prepared.error).toMatch(/confirmationMinutes: .*60/);
});
