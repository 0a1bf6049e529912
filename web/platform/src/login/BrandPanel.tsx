import { SchemeToggle } from '../app/SchemeToggle.js';
import classes from './brand-panel.module.css';

const RINGS = [70, 130, 200, 280, 370, 470, 580];

/** What this is, next to the form. */
export function BrandPanel() {
  return (
    <header className={classes.panel}>
      <svg className={classes.rings} viewBox="0 0 600 600" preserveAspectRatio="xMinYMax slice" aria-hidden="true">
        <g fill="none" stroke="#fff">
          {RINGS.map((radius, index) => (
            <circle key={radius} cx="96" cy="470" r={radius} strokeWidth="1.5" strokeOpacity={0.34 - index * 0.042} />
          ))}
        </g>
        <circle cx="96" cy="470" r="13" className={classes.source} fill="#ffd873" />
      </svg>
      <div className={classes.toggle}>
        <SchemeToggle />
      </div>
      <p className={classes.brand}>Querycast</p>
      <p className={classes.claim}>A tutor assigns a subject. The parent’s page already shows it.</p>
    </header>
  );
}
