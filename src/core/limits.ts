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
  /** Values of one YAML document, aliases written out: more than the largest card that is read can have by itself. */
  yamlValues: 2_000_000,
  /** YAML anchors and aliases: resolving takes time with the square of their number, honest files need none. */
  yamlAliases: 100,
  /** Characters of a YAML text that may begin a node: each costs the parser about a kilobyte, real cards have 50,000. */
  yamlIndicators: 150_000,

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

  /** Tensors of one file that are kept in its table; the largest mixtures of experts have about 60,000 in all. */
  tensorsPerFile: 1_000_000,
  /** Dimensions of one tensor: NumPy's bound since 2.0. */
  tensorDimensions: 64,
  /** Shards that one index may name. */
  shards: 10_000,

  /** Subjects of one statement: what sigstore-go accepts (pkg/verify/signature.go). */
  subjects: 1024,
  digestsPerSubject: 32,
} as const;
