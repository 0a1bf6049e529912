import { createNotificationsStore, Notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import './notifications.css';
import { NotificationsContext } from './notifications-context.js';

/**
 * Shows notifications over the page inside. They go with the page: what was said to one person, and the undo offered to
 * them, must not meet the next one.
 */
export function WithNotifications({ children }: { children: ReactNode }) {
  const [store] = useState(createNotificationsStore);
  return (
    <NotificationsContext.Provider value={store}>
      <Notifications store={store} position="bottom-center" />
      {children}
    </NotificationsContext.Provider>
  );
}
