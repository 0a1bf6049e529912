import { notifications } from '@mantine/notifications';
import { useRef, useState } from 'react';
import { describeError } from '../api/errors.js';
import { useNotificationsStore } from './notifications-context.js';

/** What is said of an action afterwards. */
export interface ActionWords {
  /** Default: nothing, the page shows it. */
  readonly done?: string;
  /** As a sentence without its full stop. */
  readonly failed: string;
}

/** The actions of a page's buttons. */
export interface Actions {
  /** Whether the action of this name is under way. Not for `disabled`, which would take the keyboard's focus away. */
  isPending(name: string): boolean;
  /** Runs an action, not twice at once; tells when it failed, and why. */
  run(name: string, action: () => Promise<unknown>, words: ActionWords): void;
}

/** Runs what a page's buttons do and tells what came of it in notifications. */
export function useActions(): Actions {
  const store = useNotificationsStore();
  const running = useRef(new Set<string>());
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());

  async function run(name: string, action: () => Promise<unknown>, { done, failed }: ActionWords): Promise<void> {
    if (running.current.has(name)) return;
    running.current.add(name);
    setPending(new Set(running.current));
    try {
      await action();
      if (done) notifications.show({ message: done, autoClose: 6_000 }, store);
    } catch (error) {
      notifications.show({ title: failed, message: describeError(error), color: 'red', autoClose: 10_000 }, store);
    } finally {
      running.current.delete(name);
      setPending(new Set(running.current));
    }
  }

  return {
    isPending: (name) => pending.has(name),
    run: (name, action, words) => void run(name, action, words),
  };
}
