import type { Profile } from '@querycast/platform-protocol';
import { Monogram } from '../app/Monogram.js';
import { Glow } from '../live/Glow.js';
import classes from './profile-page.module.css';

/** What cannot be changed here. */
export function ProfileFacts({ profile: { name, email, role } }: { profile: Profile }) {
  return (
    <div className={classes.facts}>
      <Monogram name={name} size="large" />
      <dl className={classes.list}>
        <Fact term="Shown as" value={name} />
        <Fact term="E-mail" value={email} />
        <Fact term="Role" value={role === 'admin' ? 'Administrator' : role.slice(0, 1).toUpperCase() + role.slice(1)} />
      </dl>
      <p className={classes.note}>Only your name and your password can be changed here.</p>
    </div>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className={classes.term}>{term}</dt>
      <dd className={classes.value}>
        <Glow value={value} />
      </dd>
    </div>
  );
}
