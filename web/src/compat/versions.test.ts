import { it } from 'vitest';
import { expectPeers } from './peer-versions.test.support.js';

it('these tests run on the versions that they are for', expectPeers);
