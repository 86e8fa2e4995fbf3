/** How full a store is (MD-87): fine, worth a warning, or critical. */
export type StorageLevel = 'ok' | 'warning' | 'critical';

const WARNING_AT = 0.7;
const CRITICAL_AT = 0.85;

/** Judges `usedBytes` against a budget: 70 % warns, 85 % is critical; what is not known is critical. */
export function judgeStorage(usedBytes: number, budgetBytes: number): StorageLevel {
  const share = usedBytes / budgetBytes;
  if (share >= 0 && share < WARNING_AT) return 'ok';
  return share >= WARNING_AT && share < CRITICAL_AT ? 'warning' : 'critical';
}
