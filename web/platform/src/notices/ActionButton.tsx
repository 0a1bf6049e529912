import { Button, type ButtonProps } from '@mantine/core';
import type { MouseEventHandler, ReactNode, Ref } from 'react';

/** A button whose action may be under way; it keeps the keyboard's focus meanwhile. */
export function ActionButton(
  props: ButtonProps & {
    ref?: Ref<HTMLButtonElement>;
    pending: boolean;
    onClick: MouseEventHandler<HTMLButtonElement>;
    'aria-label'?: string;
    children: ReactNode;
  },
) {
  const { pending, onClick, ...rest } = props;
  return (
    <Button
      {...rest}
      // Not `disabled` or `loading`: both would take the focus away.
      aria-disabled={pending}
      data-disabled={pending}
      onClick={(event) => {
        if (!pending) onClick(event);
      }}
    />
  );
}
