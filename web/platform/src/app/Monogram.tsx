import classes from './monogram.module.css';

/** A person's initials in a disc; decoration next to the name itself. */
export function Monogram({ name, size = 'medium' }: { name: string; size?: 'small' | 'medium' | 'large' }) {
  return (
    <span className={`${classes.disc} ${classes[size]}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The first letters of the first and of the last word. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => (word ? (Array.from(word)[0] ?? '') : '')).join('');
}
