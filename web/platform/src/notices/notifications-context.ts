import type { NotificationsStore } from '@mantine/notifications';
import { createContext, useContext } from 'react';

/** Where the notifications of the surrounding page are kept. */
export const NotificationsContext = createContext<NotificationsStore | undefined>(undefined);

/** The notifications of the surrounding page. Throws outside of one. */
export function useNotificationsStore(): NotificationsStore {
  const store = useContext(NotificationsContext);
  if (!store) throw new Error('useNotificationsStore needs a NotificationsContext around it');
  return store;
}
