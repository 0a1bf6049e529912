import { Skeleton } from '@mantine/core';
import type { ChildSubject, ParentChild } from '@querycast/platform-protocol';
import { IconBook2 } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { EmptyState } from '../app/EmptyState.js';
import { Monogram } from '../app/Monogram.js';
import { QueryState } from '../app/QueryState.js';
import { Glow } from '../live/Glow.js';
import classes from './child-details.module.css';
import { SubjectList } from './SubjectList.js';
import { SubjectNews } from './SubjectNews.js';

/** All that a parent can see of one child. */
export function ChildDetails(props: { child: ParentChild; subjects: UseQueryResult<ChildSubject[]> }) {
  const { child, subjects } = props;
  const { id, name } = child;
  const shown = useMemo(() => subjects.data && [{ id, name, subjects: subjects.data }], [id, name, subjects.data]);
  return (
    <article aria-label={child.name}>
      <title>{`${child.name} · Querycast`}</title>
      {shown && <SubjectNews key={id} shown={shown} />}
      <header className={classes.head}>
        <Monogram name={child.name} size="large" />
        <h1 className={classes.name}>{child.name}</h1>
      </header>
      <div className={classes.columns}>
        <section className={classes.card} aria-labelledby="subjects-heading">
          <h2 id="subjects-heading" className={classes.heading}>
            Subjects
          </h2>
          <QueryState query={subjects} skeleton={<Skeleton height={96} />}>
            {(data) => (
              <SubjectList
                subjects={data}
                childName={child.name}
                withDates
                empty={
                  <EmptyState title="No subjects yet" icon={<IconBook2 size={30} stroke={1.5} />}>
                    The first one appears here when {child.tutor?.name ?? 'a tutor'} assigns it.
                  </EmptyState>
                }
              />
            )}
          </QueryState>
        </section>
        <dl className={classes.facts}>
          <Fact term="Grade" value={child.grade} />
          <Fact term="Tutor" value={child.tutor?.name ?? 'None yet'} />
          <Fact term="Goal" value={child.goal || 'None yet'} />
        </dl>
      </div>
    </article>
  );
}

function Fact({ term, value }: { term: string; value: string | number }) {
  return (
    <div>
      <dt className={classes.term}>{term}</dt>
      <dd className={classes.value}>
        <Glow value={value} />
      </dd>
    </div>
  );
}
