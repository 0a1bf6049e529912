/** Work beside the work of whoever gives it, one piece at a time. */
export interface Lane {
  /** Resolves once `run` has begun, which is when the piece before has ended. What `run` rejects with is its own matter. */
  enter(run: () => Promise<void>): Promise<void>;
  /** Resolves once nothing is under way, to whether anything was. */
  idle(): Promise<boolean>;
}

/** Creates an empty lane. */
export function createLane(): Lane {
  let underWay: Promise<void> | undefined;

  async function idle(): Promise<boolean> {
    const wasBusy = underWay !== undefined;
    while (underWay) await underWay;
    return wasBusy;
  }

  return {
    async enter(run) {
      await idle();
      underWay = run()
        // Reported by the step that failed; the claims end by themselves, and the rows are taken again.
        .catch(() => {})
        .finally(() => {
          underWay = undefined;
        });
    },
    idle,
  };
}
