/** Takes the place of `node:timers/promises` in the code of the server. */
export { virtualTurn as setImmediate } from './virtual-globals.js';
