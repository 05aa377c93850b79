/** Names that unpickling may import: calling them with anything makes a value and does nothing else. */
export interface AllowedGlobals {
  readonly modules: readonly string[];
  /** Separated by spaces. */
  readonly names: string;
  /** What writes them, and why they do no harm. */
  readonly why: string;
}

/** The same object under the module names of NumPy 1 and 2. */
const numpyCore = (module: string): string[] => [`numpy.core.${module}`, `numpy._core.${module}`];

/** Each group says what writes its names; anything that opens, imports, runs or looks up is not among them. */
export const allowedGlobals: readonly AllowedGlobals[] = [
  {
    modules: ['builtins', '__builtin__'],
    names:
      'set frozenset dict list tuple int long float complex bool str unicode basestring bytes bytearray slice range xrange object Ellipsis NotImplemented',
    why: 'Plain values, ranges and slices of protocols 0 to 4; `object` is the base that copyreg names.',
  },
  {
    modules: ['builtins', '__builtin__', 'exceptions'],
    names:
      'BaseException Exception ArithmeticError AssertionError AttributeError EOFError FileNotFoundError ImportError IndexError KeyError KeyboardInterrupt LookupError MemoryError NotImplementedError OSError OverflowError PermissionError RuntimeError StopIteration TimeoutError TypeError UnicodeDecodeError UnicodeEncodeError UserWarning ValueError Warning ZeroDivisionError',
    why: 'Exceptions that were saved as results; making one raises nothing.',
  },
  {
    modules: ['copyreg', 'copy_reg'],
    names: '_reconstructor __newobj__ __newobj_ex__',
    why: 'How object.__reduce_ex__ makes an instance; its class is a global of its own, and judged.',
  },
  {
    modules: ['_codecs'],
    names: 'encode',
    why: 'Bytes in protocols 0 to 2 are text with the codec latin1; a codec makes data of data.',
  },
  {
    modules: ['collections', '_collections'],
    names: 'OrderedDict defaultdict Counter deque ChainMap UserDict UserList UserString',
    why: 'Containers of the standard library; what a defaultdict calls later is a global of its own.',
  },
  {
    modules: ['datetime'],
    names: 'date datetime time timedelta timezone',
    why: 'Dates and times.',
  },
  {
    modules: ['zoneinfo'],
    names: 'ZoneInfo ZoneInfo._unpickle',
    why: 'Time zones by name; Python checks that the key does not leave its directories.',
  },
  {
    modules: ['pytz', 'pytz.tzinfo'],
    names: '_UTC _p utc UTC FixedOffset',
    why: 'Time zones of pandas and its users.',
  },
  {
    modules: ['decimal', '_decimal', 'cdecimal'],
    names: 'Decimal Context',
    why: 'Decimal numbers.',
  },
  { modules: ['fractions'], names: 'Fraction', why: 'Fractions.' },
  {
    modules: ['uuid'],
    names: 'UUID SafeUUID',
    why: 'Identifiers; the rest of the module runs programs.',
  },
  {
    modules: ['pathlib', 'pathlib._local'],
    names: 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath',
    why: 'A path as a value, in the settings that training scripts save; making one touches no file.',
  },
  {
    modules: ['argparse'],
    names: 'Namespace',
    why: 'Command-line settings that training scripts save; it holds attributes and nothing else.',
  },
  {
    modules: ['types'],
    names: 'SimpleNamespace MappingProxyType',
    why: 'Attributes and a read-only dict; the types of code and functions are not allowed.',
  },
  {
    modules: ['re', '_sre'],
    names: '_compile Pattern RegexFlag',
    why: 'Compiled patterns of vectorizers and tokenizers; compiling runs nothing.',
  },
  {
    modules: ['io', '_io', 'StringIO', 'cStringIO'],
    names: 'BytesIO StringIO',
    why: 'Files in memory.',
  },
  { modules: ['array'], names: 'array _array_reconstructor', why: 'Arrays of numbers.' },
  { modules: ['logging'], names: 'getLogger', why: 'A logger is pickled as its name.' },

  {
    modules: ['numpy'],
    names:
      'ndarray dtype matrix recarray record bool bool_ bool8 int_ intc intp int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintc uintp longlong ulonglong half single double longdouble float_ float16 float32 float64 float96 float128 csingle cdouble clongdouble complex_ complex64 complex128 complex256 str_ bytes_ unicode_ string_ void object_ datetime64 timedelta64 flexible generic number integer signedinteger unsignedinteger inexact floating complexfloating character',
    why: 'Arrays, their element types and scalars.',
  },
  {
    modules: numpyCore('multiarray'),
    names: '_reconstruct scalar ndarray',
    why: 'How NumPy makes arrays and scalars from pickled bytes.',
  },
  {
    modules: ['numpy.core', 'numpy._core'],
    names: '_DType_reconstruct',
    why: 'The class of a dtype.',
  },
  {
    modules: numpyCore('numeric'),
    names: '_frombuffer',
    why: 'How NumPy makes an array over a buffer in protocol 5.',
  },
  {
    modules: ['numpy._core._internal', 'numpy.core._internal'],
    names: '_convert_to_stringdtype_kwargs',
    why: 'How NumPy 2 restores its string dtype.',
  },
  {
    modules: ['numpy.matrixlib.defmatrix', ...numpyCore('records'), 'numpy.rec'],
    names: 'matrix recarray record',
    why: 'Subclasses of arrays.',
  },
  {
    modules: ['numpy.ma.core', 'numpy.ma'],
    names: '_mareconstruct MaskedArray MaskedConstant mvoid',
    why: 'Masked arrays.',
  },
  {
    modules: ['numpy.random', 'numpy.random.mtrand', 'numpy.random._generator', 'mtrand'],
    names: 'RandomState Generator',
    why: 'Random generators of estimators, by their state.',
  },
  {
    modules: ['numpy.random._pickle'],
    names: '__randomstate_ctor __generator_ctor __bit_generator_ctor',
    why: 'How NumPy restores random generators: it takes the name of one from a list of its own.',
  },
  {
    modules: [
      'numpy.random._mt19937',
      'numpy.random._pcg64',
      'numpy.random._philox',
      'numpy.random._sfc64',
      'numpy.random.bit_generator',
    ],
    names:
      'MT19937 PCG64 PCG64DXSM Philox SFC64 SeedSequence SeedlessSeedSequence __pyx_unpickle_SeedSequence __pyx_unpickle_SeedlessSeedSequence',
    why: 'Bit generators and their seeds.',
  },
  {
    modules: ['numpy.polynomial.polynomial', 'numpy.polynomial.chebyshev', 'numpy.polynomial.legendre'],
    names: 'Polynomial Chebyshev Legendre',
    why: 'Polynomials, by their coefficients.',
  },

  {
    modules: ['torch._utils'],
    names:
      '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_v2 _rebuild_parameter_with_state _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_qtensor _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_xla_tensor',
    why: 'Tensors over storages: what torch.save writes and weights_only loading accepts.',
  },
  {
    modules: ['torch._tensor'],
    names: '_rebuild_from_type_v2',
    why: 'A tensor of a subclass; the subclass and the function that it calls are globals of their own.',
  },
  {
    modules: ['torch', 'torch.cuda', 'torch.sparse', 'torch.cuda.sparse', 'torch.storage'],
    names:
      'BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage HalfStorage IntStorage LongStorage ShortStorage QInt8Storage QInt32Storage QUInt8Storage QUInt2x4Storage QUInt4x2Storage UntypedStorage TypedStorage _UntypedStorage _TypedStorage BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor',
    why: 'Types of storages and old types of tensors.',
  },
  {
    modules: ['torch'],
    names:
      'Size Tensor device dtype Generator layout memory_format strided sparse_coo sparse_csr contiguous_format channels_last preserve_format per_tensor_affine per_channel_affine bfloat16 bool complex32 complex64 complex128 double float float16 float32 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half int int8 int16 int32 int64 long qint8 qint32 quint8 quint4x2 quint2x4 short uint8 uint16 uint32 uint64',
    why: 'Shapes, devices and element types of tensors.',
  },
  {
    modules: ['torch.nn.parameter', 'torch.nn', 'torch._tensor', 'torch.tensor'],
    names: 'Parameter Buffer Tensor UninitializedParameter UninitializedBuffer',
    why: 'Parameters of modules.',
  },
  {
    modules: ['torch.serialization'],
    names: '_get_layout',
    why: 'The layout of a sparse tensor by its name, from a list of its own.',
  },
  {
    modules: ['torch.jit._pickle'],
    names:
      'build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag',
    why: 'Typed lists of TorchScript archives.',
  },
  {
    modules: ['torch.distributed.checkpoint.metadata'],
    names:
      'Metadata MetadataIndex TensorStorageMetadata BytesStorageMetadata TensorProperties ChunkStorageMetadata StorageMeta _MEM_FORMAT_ENCODING',
    why: 'The index of a distributed checkpoint (`.metadata`).',
  },
  {
    modules: ['torch.distributed.checkpoint.filesystem'],
    names: '_StorageInfo _StoragePrefix',
    why: 'Places of tensors in a distributed checkpoint.',
  },

  {
    modules: ['joblib.numpy_pickle', 'sklearn.externals.joblib.numpy_pickle'],
    names: 'NumpyArrayWrapper',
    why: 'An array whose bytes follow in the file.',
  },
  {
    modules: ['sklearn.neighbors._kd_tree', 'sklearn.neighbors._ball_tree', 'sklearn.metrics._dist_metrics'],
    names: 'newObj',
    why: 'How the trees and distances of scikit-learn, written in Cython, are made.',
  },
  {
    modules: ['sklearn._loss._loss'],
    names:
      '__pyx_unpickle_CyHalfSquaredError __pyx_unpickle_CyAbsoluteError __pyx_unpickle_CyPinballLoss __pyx_unpickle_CyHuberLoss __pyx_unpickle_CyHalfPoissonLoss __pyx_unpickle_CyHalfGammaLoss __pyx_unpickle_CyHalfTweedieLoss __pyx_unpickle_CyHalfTweedieLossIdentity __pyx_unpickle_CyHalfBinomialLoss __pyx_unpickle_CyHalfMultinomialLoss __pyx_unpickle_CyExponentialLoss',
    why: 'How the losses of gradient boosting, written in Cython, are made; each takes a checksum and numbers.',
  },
  {
    modules: ['scipy.stats._distn_infrastructure'],
    names: 'rv_continuous_frozen rv_discrete_frozen rv_frozen',
    why: 'A distribution with its parameters, as searches over settings keep it.',
  },
  {
    modules: [
      'sklearn.metrics._scorer',
      'sklearn.metrics._classification',
      'sklearn.metrics._ranking',
      'sklearn.metrics._regression',
      'sklearn.feature_selection._univariate_selection',
      'sklearn.feature_selection._mutual_info',
    ],
    names:
      '_passthrough_scorer accuracy_score balanced_accuracy_score f1_score fbeta_score precision_score recall_score log_loss matthews_corrcoef cohen_kappa_score jaccard_score average_precision_score roc_auc_score r2_score mean_squared_error root_mean_squared_error mean_absolute_error mean_absolute_percentage_error mean_squared_log_error median_absolute_error max_error explained_variance_score f_classif f_regression f_oneway chi2 r_regression mutual_info_classif mutual_info_regression',
    why: 'Functions from numbers to numbers that searches and selectors are given.',
  },
  {
    modules: [
      'scipy.sparse',
      'scipy.sparse._csr',
      'scipy.sparse._csc',
      'scipy.sparse._coo',
      'scipy.sparse._bsr',
      'scipy.sparse._dia',
      'scipy.sparse._dok',
      'scipy.sparse._lil',
      'scipy.sparse.csr',
      'scipy.sparse.csc',
      'scipy.sparse.coo',
    ],
    names:
      'csr_matrix csc_matrix coo_matrix bsr_matrix dia_matrix dok_matrix lil_matrix csr_array csc_array coo_array bsr_array dia_array dok_array lil_array',
    why: 'Sparse matrices of vectorizers.',
  },
  {
    modules: ['pandas.core.frame', 'pandas.core.series', 'pandas.core.arrays.categorical'],
    names: 'DataFrame Series Categorical',
    why: 'Tables; the functions that read files are not among them.',
  },
  {
    modules: [
      'pandas.core.internals.managers',
      'pandas.core.internals.blocks',
      'pandas._libs.internals',
      'pandas.core.indexes.base',
      'pandas.core.indexes.range',
      'pandas.core.indexes.datetimes',
      'pandas.core.indexes.multi',
      'pandas.core.indexes.numeric',
      'pandas.core.indexes.category',
      'pandas.core.dtypes.dtypes',
      'pandas._libs.arrays',
      'pandas.core.arrays.numpy_',
      'pandas.core.arrays.datetimes',
    ],
    names:
      'BlockManager SingleBlockManager new_block _unpickle_block Index _new_Index RangeIndex DatetimeIndex _new_DatetimeIndex MultiIndex Int64Index Float64Index UInt64Index CategoricalIndex CategoricalDtype DatetimeTZDtype __pyx_unpickle_NDArrayBacked PandasArray NumpyExtensionArray DatetimeArray',
    why: 'What a pickled table is made of.',
  },
  {
    modules: ['transformers.training_args'],
    names: 'TrainingArguments OptimizerNames ParallelMode',
    why: 'training_args.bin of the transformers Trainer: settings.',
  },
  {
    modules: ['transformers.trainer_utils', 'transformers.trainer_pt_utils'],
    names:
      'IntervalStrategy SchedulerType HubStrategy SaveStrategy EvaluationStrategy FSDPOption AcceleratorConfig',
    why: 'Enumerations in training_args.bin.',
  },
  {
    modules: ['accelerate.state', 'accelerate.utils.dataclasses'],
    names: 'PartialState AcceleratorState DistributedType',
    why: 'The state of accelerate in training_args.bin.',
  },
];

/** Packages whose classes, by themselves, hold a model's settings and weights. */
export interface AllowedClasses {
  /** A module or a package; with all modules below it. */
  readonly below: string;
  readonly why: string;
}

const estimators =
  'Classes of estimators and what they hold; the functions they are given are globals of their own.';
const modules =
  'Layers, losses and optimizers of a whole model saved with torch.save; the hooks they are given are globals of their own.';

/** Classes, that is names like `RandomForestClassifier`, of these are allowed; functions are not. */
export const allowedClasses: readonly AllowedClasses[] = [
  ...[
    '_loss',
    'base',
    'calibration',
    'cluster',
    'compose',
    'covariance',
    'cross_decomposition',
    'decomposition',
    'discriminant_analysis',
    'dummy',
    'ensemble',
    'feature_extraction',
    'feature_selection',
    'gaussian_process',
    'impute',
    'isotonic',
    'kernel_approximation',
    'kernel_ridge',
    'linear_model',
    'manifold',
    'metrics',
    'mixture',
    'model_selection',
    'multiclass',
    'multioutput',
    'naive_bayes',
    'neighbors',
    'neural_network',
    'pipeline',
    'preprocessing',
    'random_projection',
    'semi_supervised',
    'svm',
    'tree',
    'utils._bunch',
  ].map((module) => ({ below: `sklearn.${module}`, why: estimators })),
  { below: 'torch.nn.modules', why: modules },
  { below: 'torch.ao.nn', why: modules },
  { below: 'torch.nn.quantized', why: modules },
  { below: 'torch.optim', why: modules },
  { below: 'xgboost.core', why: estimators },
  { below: 'xgboost.sklearn', why: estimators },
  { below: 'lightgbm.basic', why: estimators },
  { below: 'lightgbm.sklearn', why: estimators },
  { below: 'catboost.core', why: estimators },
  { below: 'imblearn.pipeline', why: estimators },
  { below: 'imblearn.over_sampling', why: estimators },
  { below: 'imblearn.under_sampling', why: estimators },
];
