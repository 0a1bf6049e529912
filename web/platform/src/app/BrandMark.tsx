/** The mark: one source, heard further and further away. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="var(--qc-brand)" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M9 15.2A8 8 0 0 1 16.8 23" />
        <path d="M9 9A14.2 14.2 0 0 1 23 23" strokeOpacity=".55" />
      </g>
      <circle cx="10.4" cy="21.6" r="2.5" fill="#ffd873" />
    </svg>
  );
}
