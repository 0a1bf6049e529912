import type { ReportSummary } from '@querycast/platform-protocol';
import { eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.js';
import { studentReports, tutorWeeklyReports, users } from '../db/schema.js';
import { fullName } from '../people/people-queries.js';
import { grouped } from './grouped.js';
import { sentToParent } from './report-reads.js';

/** How many reports of each child a dashboard shows. */
const NEWEST_OF_STUDENT = 3;
/** How much of a report a dashboard shows, in characters. */
const SUMMARY_LENGTH = 200;

/** The newest reports of both kinds on each child, by child, in one statement. */
export async function listNewestReports(db: Database, parentId: number): Promise<ReadonlyMap<number, ReportSummary[]>> {
  const all = sentReports(db, parentId);
  const rank = sql<number>`row_number() OVER (PARTITION BY ${all.studentId}
    ORDER BY ${all.sentAt} DESC, ${all.kind}, ${all.id} DESC)`;
  const ranked = db
    .select({
      kind: all.kind,
      id: all.id,
      studentId: all.studentId,
      authorId: all.authorId,
      text: all.text,
      status: all.status,
      sentAt: all.sentAt,
      rank: rank.as('rank'),
    })
    .from(all)
    .as('ranked');
  const rows = await db
    .select({
      kind: ranked.kind,
      id: ranked.id,
      studentId: ranked.studentId,
      author: { id: users.id, name: fullName() },
      text: ranked.text,
      status: ranked.status,
      sentAt: ranked.sentAt,
    })
    .from(ranked)
    .innerJoin(users, eq(users.id, ranked.authorId))
    .where(sql`${ranked.rank} <= ${NEWEST_OF_STUDENT}`)
    .orderBy(ranked.studentId, ranked.rank);
  return grouped(rows, ({ studentId, sentAt, ...report }) => [
    studentId,
    { ...report, sentAt: sentAt?.toISOString() ?? '' },
  ]);
}

/** All that the parent was sent, of both kinds alike. */
function sentReports(db: Database, parentId: number) {
  const weekly = db
    .select({
      kind: sql<ReportSummary['kind']>`'weekly'`.as('kind'),
      id: tutorWeeklyReports.id,
      studentId: tutorWeeklyReports.studentId,
      authorId: tutorWeeklyReports.tutorId,
      text: sql<string>`left(${tutorWeeklyReports.summary}, ${sql.raw(String(SUMMARY_LENGTH))})`.as('text'),
      status: sql<ReportSummary['status']>`${tutorWeeklyReports.status}`.as('status'),
      sentAt: tutorWeeklyReports.sentAt,
    })
    .from(tutorWeeklyReports)
    .where(sentToParent(tutorWeeklyReports, parentId));
  const ofTeachers = db
    .select({
      kind: sql<ReportSummary['kind']>`'student'`.as('kind'),
      id: studentReports.id,
      studentId: studentReports.studentId,
      authorId: studentReports.teacherId,
      text: sql<string>`left(${studentReports.title}, ${sql.raw(String(SUMMARY_LENGTH))})`.as('text'),
      status: sql<ReportSummary['status']>`${studentReports.status}`.as('status'),
      sentAt: studentReports.sentAt,
    })
    .from(studentReports)
    .where(sentToParent(studentReports, parentId));
  return unionAll(weekly, ofTeachers).as('reports');
}
