import { createDistributedPlace } from '../testing/test-place.js';
import { describeDoors, startDoor } from './doors-matrix.test.support.js';

describeDoors(async () => {
  const place = await createDistributedPlace();
  const [made, used] = await Promise.all([startDoor(place), startDoor(place)]);
  return {
    made,
    used,
    async remove() {
      await Promise.all([made.close(), used.close()]);
      await place.remove();
    },
  };
});
