/** For a mark that never comes, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Marks that a test sends behind an input: when one has come, the input has come before it. */
export function createMarks() {
  let sent = 0;
  let arrived: (mark: string) => void = () => {};
  return {
    /** Sends a mark of its own and resolves once {@link come} was told of it. */
    async after(send: (mark: string) => Promise<unknown>): Promise<void> {
      sent += 1;
      const mark = `mark ${sent}`;
      let timer: NodeJS.Timeout | undefined;
      const coming = new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${mark} did not come`)), PATIENCE_MS);
        arrived = (each) => each === mark && resolve();
      });
      try {
        await Promise.all([coming, send(mark)]);
      } finally {
        clearTimeout(timer);
      }
    },
    /** Whether this is a mark. */
    come(text: unknown): boolean {
      const isMark = typeof text === 'string' && text.startsWith('mark ');
      if (isMark) arrived(text);
      return isMark;
    },
  };
}
