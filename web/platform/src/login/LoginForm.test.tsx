import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ApiRequestError } from '../api/errors.js';
import { render, setPage } from '../testing/page.test.support.js';
import { LoginForm } from './LoginForm.js';

setPage();

test.each([
  [401, 'bad_credentials', 'The e-mail or the password is wrong.', 'E-mail or password is wrong.'],
  [
    429,
    'too_many_attempts',
    'Too many attempts. Try again in 12 minutes.',
    'Too many attempts. Try again in 12 minutes.',
  ],
  [503, 'busy', 'Very many people are logging in.', 'Very many people are logging in.'],
  [503, 'database_away', 'The database does not answer.', 'The server had a problem. Try again in a moment.'],
])('an answer %d %s is told in words', (status, code, message, told) => {
  const error = new ApiRequestError(status, code, message);
  render(<LoginForm login={{ start: async () => {}, pending: undefined, error }} />);
  expect(screen.getByText(told)).toBeTruthy();
});
