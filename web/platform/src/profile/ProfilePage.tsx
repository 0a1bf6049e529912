import { Skeleton } from '@mantine/core';
import type { Profile } from '@querycast/platform-protocol';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.js';
import { profileQuery } from '../api/queries.js';
import { Card } from '../app/Card.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { useSessionStore } from '../session/session-context.js';
import { NameForm } from './NameForm.js';
import { PasswordForm } from './PasswordForm.js';
import { ProfileFacts } from './ProfileFacts.js';
import classes from './profile-page.module.css';

/** The own name and password, and what else is known of whoever is logged in. */
export function ProfilePage() {
  const query = useQuery(profileQuery(useApi()));
  useOwnName(query);
  return (
    <WithNotifications>
      <PageHead title="Your profile" intro="Your name shows wherever others meet you, at once." />
      {query.data && <News shown={[['name', `your name is ${query.data.name}`]]} />}
      <QueryState query={query} skeleton={<ProfileSkeleton />}>
        {(profile) => (
          <div className={classes.columns}>
            <div className={classes.cards}>
              <Card title="Name">
                <NameForm profile={profile} />
              </Card>
              <Card title="Password">
                <PasswordForm email={profile.email} />
              </Card>
            </div>
            <ProfileFacts profile={profile} />
          </div>
        )}
      </QueryState>
    </WithNotifications>
  );
}

/** Whoever gave the person another name, the bar above shows it as soon as the profile does. */
function useOwnName({ data, isSuccess, isFetching }: UseQueryResult<Profile>): void {
  const store = useSessionStore();
  useEffect(() => {
    // Not a name from before, while it is being fetched again: the bar may know a newer one.
    if (isSuccess && !isFetching) store.rename(data);
  }, [data, isSuccess, isFetching, store]);
}

function ProfileSkeleton() {
  return (
    <div className={classes.columns} aria-busy="true">
      <Skeleton height={200} radius="lg" />
      <Skeleton height={120} />
    </div>
  );
}
