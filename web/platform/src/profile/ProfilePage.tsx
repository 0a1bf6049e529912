import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.js';
import { profileQuery } from '../api/queries.js';
import { Card } from '../app/Card.js';
import { PageHead } from '../app/PageHead.js';
import { QueryState } from '../app/QueryState.js';
import { News } from '../live/News.js';
import { WithNotifications } from '../notices/WithNotifications.js';
import { NameForm } from './NameForm.js';
import { ProfileFacts } from './ProfileFacts.js';
import classes from './profile-page.module.css';

/** The own name, and what else is known of whoever is logged in. */
export function ProfilePage() {
  const query = useQuery(profileQuery(useApi()));
  return (
    <WithNotifications>
      <PageHead title="Your profile" intro="Your name shows wherever others meet you, at once." />
      {query.data && <News shown={[['name', `your name is ${query.data.name}`]]} />}
      <QueryState query={query} skeleton={<ProfileSkeleton />}>
        {(profile) => (
          <div className={classes.columns}>
            <Card title="Name">
              <NameForm profile={profile} />
            </Card>
            <ProfileFacts profile={profile} />
          </div>
        )}
      </QueryState>
    </WithNotifications>
  );
}

function ProfileSkeleton() {
  return (
    <div className={classes.columns} aria-busy="true">
      <Skeleton height={200} radius="lg" />
      <Skeleton height={120} />
    </div>
  );
}
