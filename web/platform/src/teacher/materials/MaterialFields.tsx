import { NativeSelect, TextInput } from '@mantine/core';
import type { MaterialStatus, SubjectName } from '@querycast/platform-protocol';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.js';
import { subjectsQuery } from '../../api/queries.js';
import type { Form } from '../../forms/form.js';
import { MissingList } from '../../forms/MissingList.js';
import { TYPE_WORDS } from '../../materials/material-words.js';
import { useSession } from '../../session/session-context.js';
import { type MaterialValues, taughtSubjects } from './material-form.js';
import { STATUS_WORDS } from './material-status.js';

/** The fields of a material. */
export function MaterialFields(props: {
  form: Form<MaterialValues>;
  statuses: readonly MaterialStatus[];
  /** What it is about already. */
  subject?: SubjectName;
}) {
  const { form, statuses, subject } = props;
  const subjects = useQuery(subjectsQuery(useApi()));
  const taught = taughtSubjects(subjects.data ?? [], useSession().user.id, subject);
  return (
    <>
      <MissingList query={subjects} of="subjects" />
      <NativeSelect
        label="Subject"
        data={[{ value: '', label: 'Choose a subject' }, ...taught]}
        {...form.getInputProps('subjectId')}
      />
      <TextInput label="Title" {...form.getInputProps('title')} />
      <NativeSelect
        label="Type"
        data={Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('type')}
      />
      <NativeSelect
        label="Status"
        description={statuses.includes('draft') && 'Once it was published or archived, it cannot become a draft again.'}
        data={statuses.map((value) => ({ value, label: STATUS_WORDS[value] }))}
        {...form.getInputProps('status')}
      />
    </>
  );
}
