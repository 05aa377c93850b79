/** Modules that no weights need, with all that lie below them. */
export interface DangerousModules {
  /** Separated by spaces. */
  readonly modules: string;
  /** What they do: ends the sentence "It …". */
  readonly does: string;
}

export const dangerousModules: readonly DangerousModules[] = [
  {
    modules:
      'os posix nt subprocess pty commands popen2 platform multiprocessing asyncio concurrent signal antigravity webbrowser uuid imaplib distutils setuptools pkg_resources _distutils_hack ensurepip venv virtualenv pip conda lib2to3 idlelib turtledemo turtle tkinter Tkinter pydoc pydoc_data sched threading thread mailcap invoke sh pexpect plumbum fabric psutil pyautogui win32api win32com wmi',
    does: 'runs programs or changes the process',
  },
  {
    modules:
      'code codeop bdb pdb timeit doctest cProfile profile pstats trace tracemalloc runpy unittest test pytest _pytest nose IPython ipykernel jupyter_client sympy.core.sympify sympy.parsing sympy.utilities.lambdify sympy.printing.preview numexpr asteval jinja2 mako cython Cython pyximport numba.core llvmlite torch.fx torch._dynamo torch._inductor torch.jit torch.package torch.hub torch.onnx pandas.core.computation lib2to3 ast symtable compileall py_compile faulthandler',
    does: 'runs Python code that is given as text or data',
  },
  {
    modules:
      'importlib imp pkgutil zipimport modulefinder site sitecustomize usercustomize sys sysconfig inspect gc dis types atexit',
    does: 'reaches modules, code objects or attributes by name',
  },
  {
    modules:
      'pickle cPickle pickletools marshal shelve dill cloudpickle joblib.memory joblib.parallel joblib.externals joblib._parallel_backends joblib.pool joblib.executor joblib.numpy_pickle_utils joblib.numpy_pickle_compat joblib.test joblib.testing joblib.disk joblib.compressor jsonpickle yaml ruamel srsly plistlib xmlrpc xmlrpclib Pyro4 torch.serialization keras.models keras.saving keras.src.saving tensorflow.keras.models tensorflow.python.keras.saving mlflow skops',
    does: 'loads objects from other data, or makes functions from code that the data holds',
  },
  {
    modules:
      'ctypes cffi torch.ops torch.classes torch.utils.cpp_extension torch._ops torch._C._jit numpy.ctypeslib numpy.f2py numpy.distutils tensorflow.python.framework.load_library tensorflow.python.client mmap resource fcntl msvcrt winreg _winreg readline termios tty',
    does: 'loads or calls native code',
  },
  {
    modules:
      'socket ssl select selectors http httplib urllib urllib2 urllib3 urlparse requests httpx aiohttp ftplib poplib smtplib smtpd nntplib telnetlib socketserver SocketServer asyncore asynchat wsgiref cgi cgitb BaseHTTPServer SimpleHTTPServer paramiko boto3 botocore fsspec s3fs gcsfs huggingface_hub torch.distributed.rpc torch.utils.model_zoo wget tornado flask django twisted',
    does: 'opens network connections',
  },
  {
    modules:
      'io shutil tempfile glob fileinput linecache filecmp zipfile tarfile gzip bz2 lzma codecs sqlite3 dbm anydbm gdbm dumbdbm whichdb logging.config logging.handlers posixpath ntpath genericpath macpath pathlib2 path scandir pandas.io numpy.lib numpy.testing numpy.compat scipy.io scipy.datasets scipy.misc sklearn.datasets sklearn.utils._testing sklearn.utils._joblib sklearn.externals torch.utils.collect_env torch.utils.bottleneck torch.utils._config_module torch.utils.data.datapipes torch.testing torchvision.datasets torchvision.io torchaudio.datasets tensorflow.io tensorflow.python.lib.io tensorflow.python.platform tensorflow.python.ops.io_ops torch.multiprocessing torch.distributed.elastic torch.distributed.launch',
    does: 'opens, writes or removes files',
  },
  {
    modules:
      '__future__ _abc _aix_support _android_support _apple_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections_abc _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _dbm _dummy_thread _dummy_threading _elementtree _frozen_importlib _frozen_importlib_external _gdbm _hashlib _heapq _imp _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pyio _pyrepl _queue _scproxy _sha1 _sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _subprocess _symtable _testinternalcapi _testlimitedcapi _thread _threading_local _tkinter _tokenize _tracemalloc _typing _uuid _warnings _weakref _weakrefset _winapi _zoneinfo',
    does: 'reaches the inside of the standard library',
  },
];

/** Modules that reach everything, and that other modules have as an attribute: `torch.os` is `os`. */
export const reachedModules: ReadonlySet<string> = new Set(
  'os sys subprocess importlib builtins shutil socket pickle marshal ctypes runpy posix nt pty multiprocessing'.split(
    ' ',
  ),
);

/** Single names of modules that have harmless ones too. */
export interface DangerousNames {
  readonly modules: readonly string[];
  /** Separated by spaces. */
  readonly names: string;
  readonly does: string;
}

export const dangerousNames: readonly DangerousNames[] = [
  {
    modules: ['builtins', '__builtin__'],
    names:
      'eval exec execfile compile apply breakpoint help input raw_input exit quit license credits copyright',
    does: 'runs Python code or ends the process',
  },
  {
    modules: ['builtins', '__builtin__'],
    names: 'getattr setattr delattr hasattr globals locals vars dir reload super',
    does: 'reaches or makes attributes and classes by name',
  },
  { modules: ['builtins', '__builtin__'], names: 'open file', does: 'opens or writes files' },
  {
    modules: ['copyreg', 'copy_reg'],
    names: 'add_extension remove_extension pickle constructor dispatch_table',
    does: 'changes what later pickles import',
  },
  {
    modules: ['operator', '_operator'],
    names: 'attrgetter methodcaller',
    does: 'reaches or calls attributes by name',
  },
  {
    modules: ['joblib', 'joblib.numpy_pickle'],
    names: 'load dump Memory Parallel NumpyUnpickler NumpyPickler load_compatibility _unpickle',
    does: 'loads or writes objects',
  },
  {
    modules: ['numpy.core', 'numpy._core'],
    names: '_ufunc_reconstruct',
    does: 'imports a name that it is given',
  },
  { modules: ['logging'], names: 'FileHandler basicConfig', does: 'opens files' },
  {
    modules: ['sympy'],
    names: 'sympify parse_expr lambdify preview S',
    does: 'runs Python code that is given as text',
  },
  {
    modules: ['functools'],
    names: 'partialmethod cached_property singledispatch singledispatchmethod',
    does: 'reaches attributes by name',
  },
  {
    modules: ['numpy'],
    names:
      'load save savez savez_compressed savetxt loadtxt genfromtxt fromfile fromregex memmap DataSource load_library tofile lookfor info source who deprecate safe_eval show_config test',
    does: 'opens or writes files, or runs code',
  },
  {
    modules: ['numpy.core.memmap', 'numpy._core.memmap', 'numpy.core.records', 'numpy._core.records'],
    names: 'memmap fromfile',
    does: 'opens or writes files',
  },
  {
    modules: ['torch'],
    names: 'load save compile from_file hub ops classes jit package import_ir_module',
    does: 'loads objects, native code or files',
  },
  {
    modules: ['torch.storage'],
    names: '_load_from_bytes',
    does: 'loads a PyTorch file that is not a constant of the pickle',
  },
  {
    modules: ['torch._utils'],
    names: '_import_dotted_name _get_device_module _import_module',
    does: 'imports a module by name',
  },
  {
    modules: ['pandas'],
    names:
      'eval read_pickle to_pickle read_csv read_table read_json read_html read_xml read_sql read_parquet read_hdf read_excel read_feather read_orc read_clipboard read_fwf read_gbq read_sas read_spss read_stata ExcelFile ExcelWriter HDFStore test show_versions',
    does: 'loads objects, opens files or runs code',
  },
  {
    modules: ['tensorflow', 'tensorflow.raw_ops', 'tensorflow.python.ops.gen_io_ops'],
    names:
      'load_library load_op_library read_file write_file ReadFile WriteFile py_function numpy_function saved_model io',
    does: 'loads native code or opens files',
  },
  { modules: ['keras'], names: 'models saving Lambda', does: 'loads objects or runs code' },
];
