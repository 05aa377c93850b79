const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const TiB = 1024 * GiB;

/**
 * Every bound that a number or a structure from outside is held against, each with its reason.
 * A value beyond its limit is refused with `E_LIMIT`; it is never clamped in silence.
 */
export const limits = {
  /** JSON, all kinds: deep enough for nested assemblies, far from the engine's own stack. */
  jsonDepth: 128,
  /** Values in one JSON text: 100 MB of `{},` would take 2.4 GB of memory; a million tensors have 8 million. */
  jsonValues: 16_000_000,
  /** A BOM or a bundle in memory; a BOM of 100,000 files is about 60 MiB. */
  bomBytes: 256 * MiB,
  bundleBytes: 384 * MiB,
  /** Findings of one check of a BOM that are listed; more than anyone reads, and a hostile BOM could have millions. */
  bomFindings: 10_000,
  /** UTF-16 units of an SPDX expression; the parser's time grows with the square, real ones stay below 500. */
  licenseExpression: 4096,
  /** The chunk leaves and tensor tables of 10 TB of weights are about 50 MiB. */
  sidecarBytes: 512 * MiB,
  /** PEM keys are a few hundred bytes; RSA-4096 with a preamble stays far below this. */
  keyBytes: 64 * KiB,
  /** Node takes no longer passphrase for a private key. */
  keyPasswordBytes: 1024,
  /** PBKDF2 rounds of an encrypted key: OWASP asks for 600,000; ten million are a few seconds. */
  keyDerivationRounds: 10_000_000,
  /** scrypt's N · r · p of an encrypted key: OWASP's settings are about 2²⁰; this is a few seconds. */
  keyScryptCost: 2 ** 24,
  /** What a person writes by hand: declarations, policies. */
  configBytes: 4 * MiB,
  /** Repository files (card, config, tokenizer): the largest tokenizers are about 35 MB. */
  repositoryFileBytes: 64 * MiB,
  /** The front matter of a card; real ones with hundreds of metrics stay below 300 KB. */
  frontMatterBytes: 512 * KiB,
  /** One text of a card or a header in a BOM; the longest that people read. Longer ones end with an ellipsis. */
  attributeText: 16 * KiB,
  /** One value of a provenance key: names, dates, digests, settings; captions and bucket tables are no provenance. */
  provenanceText: 512,
  /** CycloneDX's own bound of a version. */
  versionText: 1024,
  /** Tokens of one chat template; the longest real ones have about 10,000. */
  templateTokens: 200_000,
  /** Values of one YAML document, aliases written out: more than the largest card that is read can have by itself. */
  yamlValues: 2_000_000,
  /** YAML anchors and aliases: resolving takes time with the square of their number, honest files need none. */
  yamlAliases: 100,
  /** Characters of a YAML text that may begin a node: each costs the parser about a kilobyte, real cards have 50,000. */
  yamlIndicators: 150_000,

  /** Milliseconds since 1970 of any time worth writing down: the year 9999. */
  latestTime: 253_402_300_799_000,

  /** Files of one artifact. Beyond this an artifact belongs in an archive or in several BOMs. */
  filesPerArtifact: 250_000,
  /** Times that one directory is read through links: a few links in each of a few directories make endless paths. */
  linkedVisits: 16,
  /** Directory levels of a tree; Linux's PATH_MAX leaves room for about 2,000. */
  directoryDepth: 256,
  /** Archives inside archives that the walk follows. */
  archiveDepth: 4,
  /** What every collector sees of a file before it says whether it wants it; ONNX and HDF5 need a few hundred bytes. */
  headBytes: 4 * KiB,
  /** Members of one archive; the largest mixtures of experts have about 60,000 storages. */
  archiveMembers: 65_535,
  /** A central directory of a zip: 65,535 entries with paths and extra fields are about 15 MB. */
  archiveDirectoryBytes: 64 * MiB,
  /** Members of archives that lie in an archive, in all, for one file: ten in each of ten in each of ten are a bomb. */
  nestedMembers: 20_000,
  /** Symbolic links in one archive whose targets are read. */
  linksPerArchive: 1000,
  /** Members of one tar that are looked at one by one; a shard of a dataset has as many as pictures fit in. */
  tarMembers: 10_000,
  /** A name or an extended header of a tar: other readers stop there too, and honest ones are below 64 KiB. */
  tarMetaBytes: 1 * MiB,
  /** Compressed content that is unpacked into memory to be read at random; larger members are not examined, and said so. */
  unpackedBytes: 256 * MiB,
  /** Unpacked bytes for each packed one before a member is a bomb; deflate itself ends at 1032. */
  unpackedRatio: 1024,
  /** Size of one file: the largest integer that JSON carries exactly is 8 PiB; S3 ends at 50 TB. */
  fileBytes: 1024 * TiB,

  /** Chunks of one file before the chunk size doubles: the parts that an S3 upload may have. */
  chunksPerFile: 10_000,
  /** The smallest chunk size. */
  chunkBytes: 8 * MiB,
  /** Threads that hash: each holds an engine of about 6 MiB, and storage ends before 32 threads do. */
  hashWorkers: 32,
  /** One ranged read. Readers ask for headers and tables, never for the weights themselves. */
  readBytes: 1 * GiB,
  /** A path in a manifest: Linux's PATH_MAX, three characters for each byte that is not Unicode. */
  pathLength: 3 * 4096,

  /** safetensors refuses larger headers (`MAX_HEADER_SIZE` of its Rust loader). */
  safetensorsHeaderBytes: 100_000_000,
  /** GGUF metadata with a vocabulary of a million tokens is about 60 MB. */
  ggufHeaderBytes: 256 * MiB,
  ggufKeyBytes: 64 * KiB - 1,
  /** ggml's `GGML_MAX_NAME` is 64 with its terminator. */
  ggufTensorNameBytes: 63,
  /** ggml's `GGML_MAX_DIMS`. */
  ggufDimensions: 4,
  /** A chat template or a licence text is the longest string worth keeping. */
  ggufStringBytes: 4 * MiB,
  ggufMetadataEntries: 65_536,
  /** Elements of a GGUF array that are kept: lists of languages, tags, layer widths; never a vocabulary. */
  ggufArrayValues: 1024,
  ggufArrayBytes: 64 * KiB,
  /** `general.alignment` is 32 in practice; nothing aligns to more than a huge page. */
  ggufAlignment: 2 * MiB,
  /** Message nesting of ONNX (graphs inside attributes of nodes); protobuf's own default is 100. */
  protobufDepth: 100,
  /** A protobuf message cannot be larger than this by its own definition. */
  protobufBytes: 2 * GiB,
  /** Fields looked at in one message: the largest exported graphs have 100,000 nodes of about 20 fields. */
  protobufFields: 20_000_000,
  /** Strings kept from an ONNX model (doc strings, metadata values). */
  onnxStringBytes: 1 * MiB,
  /** All strings kept from one ONNX model; a million tensor names are about 60 MB. */
  onnxTextBytes: 128 * MiB,
  /** Inputs, outputs, operator sets, operators, metadata values, functions: each list of one ONNX model. */
  onnxListEntries: 65_536,
  /** Nodes of one graph; the largest exported models have about 100,000. */
  onnxNodes: 1_000_000,

  /** NumPy itself refuses headers of more than 10,000 bytes unless told otherwise; records of thousands of fields have more. */
  npyHeaderBytes: 1 * MiB,
  /** Names, types and numbers in one .npy header. */
  npyHeaderValues: 65_536,
  /** Arrays of one .npz that are listed; the rest is counted. */
  npzArrays: 1024,
  /** Nodes of all graphs and functions of one TensorFlow model; the largest have a few hundred thousand. */
  tensorflowNodes: 2_000_000,
  /** Operators, tags, signatures, assets, functions: each list of one TensorFlow model. */
  tensorflowListEntries: 65_536,
  /** A name or version in a TensorFlow file. */
  tensorflowStringBytes: 64 * KiB,
  /** One block of a TensorFlow checkpoint's index: 256 KiB by default, more where one entry is larger. */
  sstableBlockBytes: 64 * MiB,
  /** Values in values of a pickled PyTorch model: each module takes three; the deepest have about 20 inside each other. */
  pytorchDepth: 256,
  /** Classes that a pickled PyTorch model needs, listed; large ones have about 100. */
  pytorchClasses: 256,
  /** Code of one TorchScript archive that is looked through; the largest have a few MiB. */
  torchscriptCodeBytes: 32 * MiB,

  /** Opcodes of all pickles of one file: a vocabulary of a million words has about four million. */
  pickleOpcodes: 32_000_000,
  /** Values on the stack of a pickle, marks with them: a tuple has all its items there before it is made. */
  pickleStack: 2_097_152,
  /** Values that a pickle may recall: one for each container and each text. */
  pickleMemo: 4_194_304,
  /** A memo index from which on the C unpickler's table (16 bytes for each) is tens of megabytes for nothing. */
  pickleMemoIndex: 4_194_304,
  /** Pickles one after the other in one file; logs and datasets have thousands. */
  pickleStreams: 65_536,
  /** Items that the containers of one file's pickles keep; opcodes beyond are still followed. */
  pickleValues: 4_000_000,
  /** A text or bytes of a pickle that are kept; longer ones are known by their place. */
  pickleConstantBytes: 64 * KiB,
  /** All texts and bytes that are kept of one file's pickles. */
  pickleTextBytes: 128 * MiB,
  /** Digits of an integer that is kept; Python itself refuses more than 4,300. */
  pickleIntegerDigits: 4300,
  /** A module or a name in a pickle; longer ones are no names. */
  pickleNameBytes: 1024,
  /** Different names that one file's pickles import; a model of many packages has about 100. */
  pickleGlobals: 16_384,
  /** Oddities, constants and indirect calls of one file's pickles that are listed, of each. */
  pickleListed: 4096,
  /** Bytes looked through for another pickle where one ended in an error or in other data. */
  pickleSearchBytes: 64 * MiB,
  /** Nodes of a value written out as a tree, above which it is made to be endless. */
  pickleExpansion: 2 ** 40,
  /** Pickles in constants of pickles that are followed. */
  pickleNesting: 3,
  /** A constant, unpacked, that is looked at as a pickle of its own. */
  pickleNestedBytes: 16 * MiB,
  /** All constants of one file that are looked at so. */
  pickleNestedTotal: 64 * MiB,
  /** Findings about names that are not known, of one pickle; a hostile one could have 16,000. */
  pickleUnknowns: 256,

  /** Groups and datasets of one HDF5 file; a checkpoint of the largest models with its optimizer has about 100,000. */
  hdf5Objects: 1_000_000,
  /** Messages of one HDF5 object header: each attribute is one, and 64 KiB of a header have no room for more. */
  hdf5Messages: 65_536,
  /** One attribute of an HDF5 file; the configuration of a large Keras model is a few megabytes of JSON. */
  hdf5AttributeBytes: 64 * MiB,
  /** Values of an attribute that are kept: lists of layer names. */
  hdf5AttributeValues: 65_536,
  /** A B-tree over a million names has four levels; HDF5 itself ends at 64. */
  hdf5TreeDepth: 64,
  /** One name, or one path, in an HDF5 file; the library's own names end at 64 KiB, people's far before. */
  hdf5NameBytes: 16 * KiB,
  /** Tables, or elements of one vector, that are looked at in a FlatBuffers model; graphs have up to 100,000 nodes. */
  flatbufferEntries: 1_000_000,
  /** One string of a FlatBuffers model: names, descriptions, a licence text. */
  flatbufferStringBytes: 1 * MiB,
  /** All strings kept from one FlatBuffers model; a million tensor names are about 60 MB. */
  flatbufferTextBytes: 128 * MiB,
  /** An OpenVINO model's XML: 100,000 layers with their ports are about 100 MB. */
  xmlBytes: 256 * MiB,
  /** One tag with its attributes; some list all their dimensions or a whole configuration. */
  xmlTagBytes: 1 * MiB,
  xmlDepth: 256,
  /** Tags of one document. */
  xmlTags: 10_000_000,
  /** The configuration of a Keras model. */
  kerasConfigBytes: 64 * MiB,
  /** Models inside models (CoreML pipelines) that are followed; real ones are flat. */
  nestedModels: 16,

  /** Tensors of one file that are kept in its table; the largest mixtures of experts have about 60,000 in all. */
  tensorsPerFile: 1_000_000,
  /** Dimensions of one tensor: NumPy's bound since 2.0. */
  tensorDimensions: 64,
  /** Shards that one index may name. */
  shards: 10_000,

  /** A package manager's database in one text file: dpkg's status of a full desktop is about 10 MB. */
  packageDatabaseBytes: 128 * MiB,
  /** Packages that one database or lockfile names; monorepos have some ten thousand. */
  packagesPerFile: 100_000,
  /** `os-release` is a page of assignments. */
  osReleaseBytes: 64 * KiB,
  /** A lockfile: those of large monorepos are about 20 MB. */
  lockfileBytes: 64 * MiB,
  /** Marks of a TOML text that may begin a value or a key (`=`, `.`, `,`, `[`, `{`): a lockfile of 20 MB has 2 million. */
  tomlMarks: 8_000_000,
  /** One header of an rpm database: 16 MiB of data and 65,535 tags were RPM's own bounds; newer ones allow 256 MiB. */
  rpmHeaderTags: 65_535,
  /** Words, texts and marks of a message in Protocol Buffers' text format; configurations have some hundreds. */
  textProtoTokens: 500_000,
  /** Files in which a toolkit writes down its version; NCCL's header is about 20 KB. */
  toolkitFileBytes: 1 * MiB,
  /** Dynamic entries, sections and notes of an ELF file: each list. */
  elfEntries: 65_535,
  /** Texts of constants that are searched for a version; those of the largest libraries are about 40 MB. */
  elfProbeBytes: 64 * MiB,
  /** Build information that the Go linker leaves in a program: a line for each module. */
  goBuildInfoBytes: 4 * MiB,
  /** One row of a SQLite database: the headers of the largest rpm packages are a few MiB, RPM's own bound is 256. */
  sqliteRowBytes: 64 * MiB,
  /** Pages of one SQLite table: 4 GB of the usual size; each visited one is remembered. */
  sqlitePages: 1_000_000,
  /** Tables and indexes of one SQLite database; Chroma and rpm have about 30. */
  sqliteSchemaRows: 10_000,
  /** UTF-16 units of a CREATE TABLE that is taken apart. */
  sqliteSchemaText: 256 * KiB,

  /** Columns, fields or features of one dataset, nested ones too; the widest feature tables have some 10,000. */
  datasetColumns: 100_000,
  /** Types inside types of one column: the deepest honest ones are JSON that was turned into structs. */
  datasetTypeDepth: 64,
  /** The footer of a Parquet or ORC file; with thousands of columns and row groups they reach about 50 MB. */
  tableFooterBytes: 64 * MiB,
  /** The schema or one message's header of an Arrow file; it has no data, only names and lengths. */
  arrowMessageBytes: 16 * MiB,
  /** Blocks, record batches and records that are gone through to count rows; beyond them the number stays unknown. */
  countedBlocks: 4096,
  /** The header of an Avro file: its schema as JSON and a few names. */
  avroHeaderBytes: 4 * MiB,
  /** A text file of rows is looked at so far; it is counted only when it is not larger than the second. */
  tabularSampleBytes: 64 * KiB,
  tabularCountedBytes: 16 * MiB,
  /** One TFRecord that is checked and looked into; a larger one has only its length checked. */
  tfrecordBytes: 16 * MiB,
  /** Members of a tar of samples that are looked at; a shard has about 10,000 samples of two or three. */
  sampleMembers: 32_768,
  /** JSON that describes a dataset: Croissant, dataset_infos.json, the shards of an index. */
  datasetDescriptionBytes: 16 * MiB,
  /** A Python file that is looked through for a class that loads a dataset. */
  loadingScriptBytes: 4 * MiB,
  /** Files that one description of a dataset lists, and record sets, splits and configurations in it. */
  datasetListEntries: 10_000,

  /** The fields of a Python package's metadata; licences written out in them are the longest, about 200 KB. */
  pythonMetadataBytes: 1 * MiB,
  /** A `pyvenv.cfg` has about ten lines. */
  pyvenvBytes: 64 * KiB,

  /** Subjects of one statement: what sigstore-go accepts (pkg/verify/signature.go). */
  subjects: 1024,
  digestsPerSubject: 32,

  /** A manifest, an index or a configuration of an image: ORAS's and many registries' own bound. */
  imageManifestBytes: 4 * MiB,
  /** Indexes in indexes; two are seen. */
  imageIndexDepth: 8,
  /** Descriptors of one index, layers of one manifest, and what lies beside an image. */
  imageDescriptors: 1000,
  /** Layers of one image: overlay file systems end at 500. */
  imageLayers: 500,
  /** Bytes of one layer, unpacked, and of one blob. */
  layerBytes: 64 * GiB,
  /** Unpacked bytes for each packed one, once `layerRatioFrom` bytes came out. */
  layerRatio: 1000,
  layerRatioFrom: 100 * MiB,
  /** Names in one layer: images of 100,000 files are common, of a million seen. */
  layerEntries: 5_000_000,
  /** Characters of all names in one layer, and of where their links lead: a million files have some 100 million. */
  layerNameLength: 256 * MiB,
  /** Parts of one name in a layer: Linux's PATH_MAX leaves room for 2,048, and real ones stay below 50. */
  layerPathParts: 1024,
  /** Names in the merged layers, directories counted: each takes 320 bytes of memory, and a long path has a thousand. */
  imageNames: 3_000_000,
  /** Symbolic links that one path of an image is followed through: Linux ends there too. */
  linksPerPath: 40,
  /** Parts of the targets of all links that are followed while layers are merged; real images need some thousands. */
  linkParts: 20_000_000,
  /** The beginning of a file in a layer that is kept in memory while it passes by. */
  spoolMemoryBytes: 8 * MiB,
  /** Its end, where archives have their directory. */
  spoolTailBytes: 256 * KiB,
  /** A file in a layer that is copied to a private temporary file because its reader has to go back and forth. */
  spoolFileBytes: 8 * GiB,
  /** All copies that exist at one time. */
  spoolTotalBytes: 16 * GiB,
  /** An answer of a registry that is no blob: token, list of referrers, error. */
  registryAnswerBytes: 4 * MiB,
  /** Redirects of one request. */
  redirects: 5,
  /** Pages of one list. */
  registryPages: 100,
  /** Milliseconds without a byte before a registry counts as out of reach. */
  networkTimeout: 60_000,
  /** Bytes a second, over `networkTimeout` of waiting, below which a registry counts as out of reach. */
  registrySlowest: 1024,
  /** Times that the list of what belongs to an image is written again because others wrote it at the same time. */
  referrerAttempts: 40,
  /** Milliseconds after which it must still say what was written: other writers take less between reading and writing. */
  referrerSettle: 400,
  /** Signed documents beside one image that are read to find those of a trusted signer. */
  attachedBundles: 100,
  /** Things that went into a build, by one statement of provenance; the largest builds have some thousands. */
  provenanceMaterials: 10_000,
  /** A statement of provenance or a list of packages that is read, not a BOM: BuildKit's are a few MB. */
  attachedStatementBytes: 64 * MiB,
  /** A layer's facts in the cache. */
  cachedLayerBytes: 256 * MiB,
} as const;
