import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import classes from './back-to-students.module.css';

/** From a student back to all of them. */
export function BackToStudents() {
  return (
    <Link to="/students" className={classes.back}>
      <IconArrowLeft size={17} stroke={1.9} aria-hidden="true" />
      Your students
    </Link>
  );
}
