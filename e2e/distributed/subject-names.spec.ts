import { expectSubjectToFollow } from '../support/subject-names.js';
import { test } from '../support/test.js';

test('a subject is renamed and gets another colour, and everybody who sees it sees that', async ({ scene }) => {
  const { servers } = scene.stack;
  if (!servers) throw new Error('only a distributed stack has servers');
  await expectSubjectToFollow(scene, (statement) => servers.postgres.psql(servers.database, statement));
});
