import type { useForm } from '@mantine/form';

/** A form of Mantine; its own name for this is not to be found by `nodenext` resolution. */
export type Form<Values extends Record<string, unknown>> = ReturnType<typeof useForm<Values>>;
