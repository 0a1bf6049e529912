import { PasswordInput, TextInput } from '@mantine/core';
import type { NewPerson } from '@querycast/platform-protocol';
import { type InputProps, labelOf, NameFields } from './NameFields.js';
import './person-fields.css';
import classes from './person-fields.module.css';

/** The fields of a form for somebody who gets an account. */
export function PersonFields(props: {
  inputOf: (field: keyof NewPerson) => InputProps;
  /** Whose, where the form is about several people; default: nobody's in particular. */
  whose?: string;
}) {
  const { inputOf, whose } = props;
  return (
    <>
      <NameFields inputOf={inputOf} {...(whose === undefined ? {} : { whose })} />
      <div className={classes.pair}>
        <TextInput
          label={labelOf('E-mail', whose)}
          type="email"
          autoComplete="off"
          required
          withAsterisk={false}
          {...inputOf('email')}
        />
        <PasswordInput
          label={labelOf('Password', whose)}
          description="At least 8 characters. Tell it only to them."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          // Somebody else's: the browser must not offer the own one.
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...inputOf('password')}
        />
      </div>
    </>
  );
}
