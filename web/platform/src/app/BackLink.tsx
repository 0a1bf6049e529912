import { IconArrowLeft } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './links.module.css';

/** From one thing back to all of them. */
export function BackLink({ to, children }: Required<Pick<LinkProps, 'to'>> & { children: string }) {
  return (
    <Link to={to} className={classes.back}>
      <IconArrowLeft size={17} stroke={1.9} aria-hidden="true" />
      {children}
    </Link>
  );
}
