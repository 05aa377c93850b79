/**
 * The name that Python 3 imports where a pickle of Python 2 has another one (CPython's `Lib/_compat_pickle.py`,
 * used for protocols 0 to 2); the same name where there is none.
 */
export function python3Name(module: string, name: string): readonly [module: string, name: string] {
  return names.get(`${module}.${name}`) ?? [modules.get(module) ?? module, name];
}

const modules: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['exceptions', 'builtins'],
  ['commands', 'subprocess'],
  ['cPickle', 'pickle'],
  ['httplib', 'http.client'],
  ['urllib2', 'urllib.request'],
  ['xmlrpclib', 'xmlrpc.client'],
  ['SocketServer', 'socketserver'],
  ['UserDict', 'collections'],
  ['UserList', 'collections'],
  ['UserString', 'collections'],
  ['StringIO', 'io'],
  ['cStringIO', 'io'],
  ['_winreg', 'winreg'],
  ['thread', '_thread'],
]);

const names: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['__builtin__.xrange', ['builtins', 'range']],
  ['__builtin__.unicode', ['builtins', 'str']],
  ['__builtin__.long', ['builtins', 'int']],
  ['__builtin__.reduce', ['functools', 'reduce']],
  ['__builtin__.intern', ['sys', 'intern']],
]);
