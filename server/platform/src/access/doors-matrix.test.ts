import { describeDoors, startDoor } from './doors-matrix.test.support.js';

describeDoors(async () => {
  const platform = await startDoor();
  return { made: platform, used: platform, remove: () => platform.remove() };
});
