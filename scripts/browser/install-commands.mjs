/**
 * The commands that install a Chromium on this system. Debian has a package of its own; Ubuntu's is a stub for a snap,
 * which test runners cannot start, so there and elsewhere Playwright downloads its own.
 *
 * @param {{ osRelease: string, isRoot: boolean }} system `osRelease`: the text of `/etc/os-release`, or nothing.
 * @returns {[command: string, ...args: string[]][]} To be run in this order.
 */
export function installCommands({ osRelease, isRoot }) {
  if (!/^ID="?debian"?$/m.test(osRelease)) return [['npx', 'playwright', 'install', '--with-deps', 'chromium']];
  const apt = isRoot ? [] : ['sudo'];
  return [asCommand([...apt, 'apt-get', 'update']), asCommand([...apt, 'apt-get', 'install', '-y', 'chromium'])];
}

/** @param {string[]} words  @returns {[string, ...string[]]} */
function asCommand([command = '', ...args]) {
  return [command, ...args];
}
