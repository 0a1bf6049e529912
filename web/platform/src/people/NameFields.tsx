import { TextInput } from '@mantine/core';
import type { Form } from '../forms/form.js';
import classes from './person-fields.module.css';

/** What a form hands to an input. */
export type InputProps = ReturnType<Form<Record<string, unknown>>['getInputProps']>;

/** The fields of a form for a first and a last name, side by side where there is room. */
export function NameFields(props: {
  inputOf: (field: 'firstName' | 'lastName') => InputProps;
  /** Whose, where the form has the names of several people; default: nobody's in particular. */
  whose?: string;
  /** Whether these are the own names, which the browser may know; default false. */
  own?: boolean;
}) {
  const { inputOf, whose, own = false } = props;
  return (
    <div className={classes.pair}>
      <TextInput
        label={labelOf('First name', whose)}
        autoComplete={own ? 'given-name' : 'off'}
        required
        withAsterisk={false}
        {...inputOf('firstName')}
      />
      <TextInput
        label={labelOf('Last name', whose)}
        autoComplete={own ? 'family-name' : 'off'}
        required
        withAsterisk={false}
        {...inputOf('lastName')}
      />
    </div>
  );
}

/** A field's label with whose it is: two fields of one form must not have the same. */
export function labelOf(label: string, whose: string | undefined): string {
  return whose === undefined ? label : `${whose} ${label.toLowerCase()}`;
}
