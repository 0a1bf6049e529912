/** The look that all charts share. They never move, and every value stands at its bar: nothing waits for a pointer. */
export const chartLook = {
  tickLine: 'none',
  strokeDasharray: '0',
  gridColor: 'var(--qc-line)',
  textColor: 'var(--qc-ink-soft)',
  barLabelColor: 'var(--qc-ink)',
  withBarValueLabel: true,
  withTooltip: false,
  // Hidden from assistive technology, which has the table: nothing inside may take the focus.
  accessibilityLayer: false,
} as const;
