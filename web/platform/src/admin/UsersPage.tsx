import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import { usersQuery } from '../api/queries.js';
import { PageHead } from '../app/PageHead.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { NewUserDialog } from './NewUserDialog.js';
import { UserFilterFields } from './UserFilterFields.js';
import { UserManagement } from './UserManagement.js';
import { NO_FILTER } from './user-filter.js';
import { userNews } from './user-news.js';

/** Everybody's accounts. */
export function UsersPage() {
  const query = useQuery(usersQuery(useApi()));
  const [filter, setFilter] = useState(NO_FILTER);
  const [isAdding, setAdding] = useState(false);
  return (
    <WithNotifications>
      <PageHead title="Users" intro="Everybody who has an account. This list is read again when you come back to it.">
        <Button onClick={() => setAdding(true)}>New user</Button>
      </PageHead>
      {query.data && <News shown={userNews(query.data)} />}
      <UserFilterFields filter={filter} onChange={setFilter} />
      <UserManagement query={query} filter={filter} />
      {isAdding && <NewUserDialog onClose={() => setAdding(false)} />}
    </WithNotifications>
  );
}
