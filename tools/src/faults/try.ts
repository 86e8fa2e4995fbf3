import { runScenario } from './fast/scenario.ts';
let n = 0; let m=0;
for (let s = 1; s <= 60; s++) { const o = await runScenario(s, true); n += o.lines.filter((l) => /BUY .* arrives/.test(l)).length; m += o.lines.filter((l) => /signal s-.*ENTER/.test(l)).length; const f = Object.entries(o.findings).filter(([, v]) => v.length); if (f.length) console.log(s, JSON.stringify(f).slice(0, 300)); }
console.log('buys', n, 'entry signals', m);
