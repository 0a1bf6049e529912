import type { ParentChild } from '@querycast/platform-protocol';
import { useMemo } from 'react';
import { News } from '../live/News.js';
import { planNews, progressNews, reportNews } from './news.js';
import { SubjectNews } from './SubjectNews.js';
import type { ChildQueries } from './use-child-queries.js';

/** Says what changes on a child's page. Each part from when it is there: what a first load brings is no news. */
export function ChildNews({ child, queries }: { child: ParentChild; queries: ChildQueries }) {
  const { id, name } = child;
  const { data: subjects } = queries.subjects;
  const { data: progress } = queries.progress;
  const { data: plans } = queries.plans;
  const { data: reports } = queries.reports;
  const shown = useMemo(() => subjects && [{ id, name, subjects }], [id, name, subjects]);
  return (
    <>
      {shown && <SubjectNews shown={shown} />}
      {progress && <News shown={progressNews(progress)} />}
      {plans && <News shown={planNews(plans)} />}
      {reports && <News shown={reportNews(reports)} />}
    </>
  );
}
