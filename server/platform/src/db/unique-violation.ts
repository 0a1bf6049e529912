/** SQLSTATE of a row that would be there twice. */
const UNIQUE_VIOLATION = '23505';

/** Whether an error, or a cause of it, says that a row would break this unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && each.code === UNIQUE_VIOLATION) return 'constraint' in each && each.constraint === constraint;
  }
  return false;
}
