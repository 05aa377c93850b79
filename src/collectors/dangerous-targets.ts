/** Modules that reach files, processes, the network or the interpreter, with all that lies below them. */
const modules =
  /^(?:_?asyncio|_io|_posixsubprocess|antigravity|bdb|cgi|cloudpickle|codecs|codeop|commands|concurrent|cProfile|distutils|doctest|fileinput|ftplib|fsspec|glob|http|httpx|imaplib|imp|inspect|io|jsonpickle|linecache|mmap|multiprocessing|nt|operator\.(?:attrgetter|methodcaller)|pathlib|pdb|pip|pkgutil|platform|poplib|profile|pydoc|requests|setuptools|shelve|site|smtplib|sqlite3|tarfile|tempfile|timeit|trace|types|unittest|urllib|urllib3|uuid|venv|webbrowser|xmlrpc|zipfile|zipimport|functools\.(?:partial|reduce)|hydra\.utils\.(?:get_method|get_class|get_object|get_static_method|instantiate|call)|numpy\.(?:f2py|testing|distutils|ctypeslib|fromfile|memmap|save\w*)|pandas\.read_\w+|tensorflow\.(?:io|saved_model|py_function|numpy_function)|torch\.(?:load|save|hub|ops|classes|package|_ops|utils\.(?:bottleneck|collect_env|cpp_extension|model_zoo)))(?:\.|$)/;

/** Modules that do so under whatever other module they are reached: `torch.serialization.pickle`. */
const anywhere =
  /(?:^|\.)(?:__builtin__|_pickle|builtins|cPickle|code|ctypes|dill|importlib|joblib|marshal|os|pickle|posix|pty|runpy|shutil|socket|subprocess|sys)(?:\.|$)/;

/** Functions that do so wherever they are. */
const functions =
  /(?:^|\.)(?:_*(?:eval|exec|execfile|compile|system|popen|Popen|(?:posix_)?spawn\w*|exec[lv]p?e?|getattr|setattr|load_library|load_op_library|import_module|rmtree|startfile)|__\w+__)(?:\.|$)|(?:^|\.)_*(?:run|runcall|runctx|run_module|run_path|call|check_call|check_output|getoutput|getstatusoutput|load|loads|open|read_pickle)$/;

/** True for the dotted name of something that runs commands, opens files, or loads code when it is called. */
export function isDangerousTarget(name: string): boolean {
  return modules.test(name) || anywhere.test(name) || functions.test(name);
}
