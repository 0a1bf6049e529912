import type { useForm } from '@mantine/form';

/**
 * A form of Mantine, with or without rules; its own name for this is not to be found by `nodenext` resolution. Left out
 * is what tells the rules by its type.
 */
export type Form<Values extends Record<string, unknown>> = Omit<
  ReturnType<typeof useForm<Values>>,
  'validate' | 'validateField' | 'isValid'
>;
