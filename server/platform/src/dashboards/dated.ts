/** A row with the moment it was sent as ISO 8601 UTC. */
export function dated<Row extends { sentAt: Date | null }>(row: Row): Omit<Row, 'sentAt'> & { sentAt: string | null } {
  return { ...row, sentAt: row.sentAt?.toISOString() ?? null };
}
