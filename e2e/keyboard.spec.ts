import { fillByKeyboard, press, tabTo, type } from './support/keyboard.js';
import { comeIn } from './support/person.js';
import { card } from './support/sign-in.js';
import { expect, test } from './support/test.js';

test.use({ platform: 'shared' });

test('a tutor logs in, adds a student, edits, assigns and reports by keyboard alone', async ({ stack, visit }) => {
  const { page } = await visit();
  await page.goto(`${stack.url}/login`);
  await type(page, page.getByLabel('E-mail'), 'tutor@demo.test');
  await type(page, page.getByRole('textbox', { name: 'Password' }), 'demo');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('link', { name: 'Students', exact: true }));

  await press(page, page.getByRole('button', { name: 'New student' }));
  await fillByKeyboard(page, {
    'First name': 'Vera',
    'Last name': 'Lind',
    'E-mail': 'vera@demo.test',
    Password: 'a-long-one',
    Grade: '5',
  });
  await expect(card(page, 'Vera Lind')).toBeVisible();

  await press(page, page.getByRole('button', { name: 'Edit Vera Lind' }));
  await fillByKeyboard(page, { Goal: 'Read a book a week' });
  await expect(card(page, 'Vera Lind')).toContainText('Read a book a week');

  await press(page, page.getByRole('button', { name: 'Assign several subjects to Vera Lind' }));
  await tabTo(page, page.getByRole('checkbox').first());
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(card(page, 'Vera Lind').getByRole('listitem')).not.toHaveCount(0);

  const form = card(page, 'Vera Lind').getByRole('form');
  await tabTo(page, form.getByRole('combobox', { name: 'Subject' }));
  await page.keyboard.press('ArrowDown');
  await press(page, form.getByRole('button', { name: 'Assign' }));
  await expect(card(page, 'Vera Lind').getByRole('listitem')).toHaveCount(2);

  await press(page, page.getByRole('link', { name: 'Weekly reports' }));
  await press(page, page.getByRole('button', { name: 'New report' }));
  await fillByKeyboard(page, { Summary: 'All by keyboard.' }, { Student: 'Anna Petrova' });
  const report = page.getByRole('article').filter({ hasText: 'All by keyboard.' });
  await press(page, report.getByRole('button', { name: /^Send/ }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }));
  await expect(report).toContainText('Sent');
});

test('a teacher writes plans, materials and reports by keyboard alone', async ({ stack, visit }) => {
  const { page } = await comeIn(await visit(), stack.url, 'elena', '/plans');
  await press(page, page.getByRole('button', { name: 'New plan' }));
  await fillByKeyboard(
    page,
    { Title: 'By keyboard', Content: 'Ten words are enough here.' },
    { Student: 'Anna Petrova' },
  );
  await expect(card(page, 'Plan By keyboard')).toBeVisible();
  await press(page, card(page, 'Plan By keyboard').getByRole('button', { name: /^Edit/ }));
  await fillByKeyboard(page, { Title: 'By keys' });
  await press(page, card(page, 'Plan By keys').getByRole('button', { name: /^Delete/ }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }));
  await expect(card(page, 'Plan By keys')).toHaveCount(0);

  await press(page, page.getByRole('link', { name: 'Materials', exact: true }));
  await press(page, page.getByRole('button', { name: 'New material' }));
  await fillByKeyboard(page, { Title: 'Keys and doors' }, { Subject: 'Mathematics' });
  const material = card(page, 'Material Keys and doors');
  await press(page, material.getByRole('button', { name: /^Assign students/ }));
  await tabTo(page, page.getByRole('dialog').getByRole('checkbox', { name: /Anna/ }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(material).toContainText('Anna Petrova');

  await press(page, page.getByRole('link', { name: 'Weekly reports', exact: true }));
  await press(page, page.getByRole('button', { name: 'New report' }));
  await fillByKeyboard(
    page,
    { Summary: 'A week by keyboard.' },
    {
      Student: 'Anna Petrova',
      // Month, day and year, each a stop of its own. The week that comes by itself has a report already.
      'Week starts on': '12072037',
    },
  );
  await expect(page.getByRole('article').filter({ hasText: 'A week by keyboard.' })).toBeVisible();

  await press(page, page.getByRole('link', { name: 'Students', exact: true }));
  await press(page, page.getByRole('link', { name: 'Anna Petrova' }));
  await press(page, page.getByRole('button', { name: 'New report' }));
  await fillByKeyboard(page, { Title: 'By keyboard', Content: 'Every word of it.' });
  await expect(card(page, 'Report By keyboard')).toBeVisible();
});

test('a student, a parent and an admin do what they can do by keyboard alone', async ({ stack, visit }) => {
  const anna = await comeIn(await visit(), stack.url, 'anna', '/materials');
  await press(anna.page, anna.page.getByRole('button', { name: 'Report progress of Twenty linear equations' }));
  await fillByKeyboard(anna.page, { 'Progress in percent': '55', 'Minutes spent since the last report': '5' });
  await expect(anna.page.getByRole('main')).toContainText('55%');

  const olga = await comeIn(await visit(), stack.url, 'olga', '/profile');
  await type(olga.page, olga.page.getByLabel('First name'), 'Olya');
  await olga.page.keyboard.press('Enter');
  await expect(olga.page.getByRole('button', { name: 'Account of Olya Petrova' })).toBeVisible();
  // And back: the platform is shared.
  await type(olga.page, olga.page.getByLabel('First name'), 'Olga');
  await olga.page.keyboard.press('Enter');
  await expect(olga.page.getByRole('button', { name: 'Account of Olga Petrova' })).toBeVisible();
  await press(olga.page, olga.page.getByRole('link', { name: 'Weekly reports' }));
  const unread = olga.page.getByRole('button', { name: /^Mark as read/ });
  await expect(unread).not.toHaveCount(0);
  const count = await unread.count();
  await press(olga.page, unread.first());
  await expect(unread).toHaveCount(count - 1);

  const nina = await comeIn(await visit(), stack.url, 'nina', '/users');
  await press(nina.page, nina.page.getByRole('button', { name: 'New user' }));
  await fillByKeyboard(nina.page, {
    'First name': 'Omar',
    'Last name': 'Haddad',
    'E-mail': 'omar@demo.test',
    Password: 'a-long-one',
  });
  await press(nina.page, nina.page.getByRole('button', { name: 'Rename Omar Haddad' }));
  await fillByKeyboard(nina.page, { 'First name': 'Omer' });
  await press(nina.page, nina.page.getByRole('button', { name: 'Deactivate Omer Haddad' }));
  await press(nina.page, nina.page.getByRole('dialog').getByRole('button', { name: 'Deactivate', exact: true }));
  await expect(nina.page.getByRole('button', { name: 'Activate Omer Haddad' })).toBeVisible();
});
