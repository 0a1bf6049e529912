import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

const always = () => true;

/** Whether somebody is about to lose what was typed, and the two answers to that. */
export interface Leaving {
  readonly isAsked: boolean;
  /** Asks before `leave` is done, or does it at once when nothing was typed. */
  ask(leave: () => void): void;
  /** Goes on with what was asked about. */
  leave(): void;
  stay(): void;
}

/**
 * Holds back whatever would lose what was typed: closing the dialog, another address, and, in the browser's own words,
 * leaving the document. Only while `isGuarded`; when that ends while the question is asked, there is nothing left to ask.
 */
export function useLeaving(isGuarded: boolean): Leaving {
  const [held, setHeld] = useState<() => void>();
  const blocker = useBlocker({
    shouldBlockFn: always,
    enableBeforeUnload: true,
    disabled: !isGuarded,
    withResolver: true,
  });
  const { proceed, reset } = blocker;
  useEffect(() => {
    if (!isGuarded) proceed?.();
  }, [isGuarded, proceed]);
  return {
    isAsked: isGuarded && (held !== undefined || blocker.status === 'blocked'),
    ask(leave) {
      if (isGuarded) setHeld(() => leave);
      else leave();
    },
    leave() {
      held?.();
      setHeld(undefined);
      proceed?.();
    },
    stay() {
      setHeld(undefined);
      reset?.();
    },
  };
}
