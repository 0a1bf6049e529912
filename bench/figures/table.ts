/** One cell; numbers stand to the right. */
export type Cell = string | number;

/** Lines of a table whose columns are as wide as their widest cell, in the syntax of Markdown. */
export function tableLines(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const isNumeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const texts = [head, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? shown(cell) : cell)));
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const padded = texts.map((row) =>
    line(
      widths.map((width, column) => {
        const text = row[column] ?? '';
        return isNumeric[column] ? text.padStart(width) : text.padEnd(width);
      }),
    ),
  );
  const [first = '', ...rest] = padded;
  const rule = line(
    widths.map((width, column) => (isNumeric[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))),
  );
  return [first, rule, ...rest];
}

/** Whole numbers as they are, others with one decimal below 100 and none above. */
function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
