import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.js';
import { describeError } from '../api/errors.js';
import { subjectsQuery, tutorStudentsQuery } from '../api/queries.js';
import { Notice } from '../app/Notice.js';
import { QueryState } from '../app/QueryState.js';
import { LiveIndicator } from '../live/LiveIndicator.js';
import { ActStudent } from './ActStudent.js';
import classes from './act-pane.module.css';
import { Pane } from './Pane.js';

/** The tutor's side: every subject of every student is one tap. */
export function ActPane({ tutorName }: { tutorName: string }) {
  const api = useApi();
  const students = useQuery(tutorStudentsQuery(api));
  const subjects = useQuery(subjectsQuery(api));
  const [failure, setFailure] = useState<unknown>();
  return (
    <Pane title="Act as tutor" who={`${tutorName}, tutor`} status={<LiveIndicator />}>
      <p className={classes.hint}>Tap a subject to assign it, tap again to take it away.</p>
      {failure !== undefined && (
        <div className={classes.problem}>
          <Notice action={{ label: 'Close', run: () => setFailure(undefined) }}>{describeError(failure)}</Notice>
        </div>
      )}
      <QueryState query={subjects} skeleton={<Skeleton height={360} radius="lg" />}>
        {(all) => (
          <QueryState query={students} skeleton={<Skeleton height={360} radius="lg" />}>
            {(people) => (
              <div className={classes.students}>
                {people.map((student) => (
                  <ActStudent key={student.id} student={student} subjects={all} onFailure={setFailure} />
                ))}
              </div>
            )}
          </QueryState>
        )}
      </QueryState>
    </Pane>
  );
}
