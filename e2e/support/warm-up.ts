import { logIn, logInAsTutor, PEOPLE } from './api.js';
import { connectRaw } from './raw-client.js';

/**
 * Lets a server that was just started publish its first change, before anybody watches. Its log has a new incarnation
 * then, so the relay publishes once more what it had published within the last minute: right, but not what a test wants
 * to count. The change concerns Ivan's child, and is taken back.
 */
export async function warmUp(url: string): Promise<void> {
  const ivan = await logIn(url, PEOPLE.ivan);
  const connection = await connectRaw(url, { protocol: 1, token: ivan.login.token });
  if ('refusal' in connection) throw new Error(`refused: ${connection.refusal.code}`);
  const { client } = connection;
  await client.next();
  const tutor = await logInAsTutor(url);
  await tutor.assign('Lev Sokolov', 'Physics');
  await client.next();
  // Whatever is published once more is due before this one.
  await tutor.unassign('Lev Sokolov', 'Physics');
  await client.next();
  client.close();
}
