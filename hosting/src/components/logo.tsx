/** Three winds, as on the tab's icon. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#131c2b" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round">
        <path d="M6 11.5h12.5a3.5 3.5 0 1 0-3.4-4.4" stroke="#4aa3ff" />
        <path d="M6 16.5h17a3.2 3.2 0 1 1-3 4.3" stroke="#e8edf5" />
        <path d="M6 21.5h7.6a2.7 2.7 0 1 1-2.5 3.7" stroke="#26a69a" />
      </g>
    </svg>
  );
}
