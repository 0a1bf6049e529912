/** Where programs, caches and the registry are; everything else of the caller's environment could change what a tool does. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_(registry|cache|userconfig|cafile))$/i;

/**
 * The environment of a command that is to find what a stranger's machine has, in place of what npm and the tests around
 * it have set.
 *
 * @returns {Record<string, string>}
 */
export function cleanEnvironment() {
  const passedOn = Object.entries(process.env).filter(([variable]) => PASSED_ON.test(variable));
  return {
    ...Object.fromEntries(passedOn.map(([variable, value]) => [variable, value ?? ''])),
    // What the tests' own installation fetched is not fetched again.
    npm_config_prefer_offline: 'true',
  };
}
