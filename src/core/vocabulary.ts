interface Term {
  /** One sentence: what the value says and its unit. */
  readonly says: string;
  /** Where it stands: on which kind of component, or on the BOM. */
  readonly on: string;
}

/** Every `mlbom:*` property, once. `docs/vocabulary.md` is generated from this table. */
export const vocabulary = {
  'mlbom:hash:scope': {
    on: 'artifact',
    says: 'What the hash covers: `manifest` means the artifact digest, SHA-256 of the canonical manifest of names and bytes (schemas/manifest-v1); `oci-manifest` the manifest of an image or artifact in a registry, and by it all layers; `oci-config` the configuration of an image that has no manifest.',
  },
  'mlbom:oci:manifest-digest': {
    on: 'image',
    says: 'Digest of the manifest by which registries know it.',
  },
  'mlbom:oci:config-digest': {
    on: 'image',
    says: 'Digest of the configuration: the id of the image in container engines.',
  },
  'mlbom:oci:index-digest': { on: 'image', says: 'Digest of an index that leads to the manifest.' },
  'mlbom:oci:platform': {
    on: 'image',
    says: 'Platform that the image is for, as `os/architecture/variant`.',
  },
  'mlbom:oci:tag': { on: 'image', says: 'Tag under which it was found.' },
  'mlbom:oci:artifact-type': { on: 'image', says: 'Artifact type that the manifest states.' },
  'mlbom:oci:scheme': {
    on: 'image',
    says: 'Layout of a model in a registry: modelpack, docker-ai, kitops, ollama or oras.',
  },
  'mlbom:oci:label': {
    on: 'image',
    says: 'A label of the image as `name=value`; of names that are not known, and of values that may be a secret, the name alone.',
  },
  'mlbom:oci:env': {
    on: 'image',
    says: 'An environment variable that the image sets, as `NAME=value`; of names that are not known, the name alone.',
  },
  'mlbom:oci:entrypoint': {
    on: 'image',
    says: 'What the image runs: the program, the subcommands and settings of servers that are known; `…` stands for what is left out.',
  },
  'mlbom:oci:serves': { on: 'image', says: 'Server of models that the image runs, by its command.' },
  'mlbom:oci:served-model': {
    on: 'image',
    says: 'Model that the server is told to load, by its command or environment; it need not be in the image.',
  },
  'mlbom:oci:driver-requirement': {
    on: 'image',
    says: 'A condition on the driver of the machine, as the image states it (NVIDIA_REQUIRE_CUDA).',
  },
  'mlbom:oci:user': { on: 'image', says: 'User that the image runs as; absent where it is root by default.' },
  'mlbom:oci:working-directory': { on: 'image', says: 'Directory that the image runs in.' },
  'mlbom:oci:exposed-port': {
    on: 'image',
    says: 'Port that the image says it listens on, as `number/protocol`.',
  },
  'mlbom:oci:created': { on: 'image', says: 'When the image was made, as declared (RFC 3339).' },
  'mlbom:oci:files': { on: 'image', says: 'Number of files that the merged layers show.' },
  'mlbom:oci:bytes': { on: 'image', says: 'Bytes of the files that the merged layers show.' },
  'mlbom:oci:hidden': {
    on: 'image',
    says: 'Weights or dangerous content that a layer still carries and a later one hides, as canonical JSON: {path, layer, sha256, size, removedBy, findings}, with the rules that matched there.',
  },
  'mlbom:oci:removed-package': {
    on: 'image',
    says: 'A package that a layer introduced and a later one removed, as canonical JSON: {name, version, purl, layer, removedBy, now}, with the version that is there now.',
  },
  'mlbom:oci:diff-id': { on: 'layer', says: 'Digest of the unpacked layer.' },
  'mlbom:oci:layer-index': { on: 'layer', says: 'Place in the image, lowest first, from 0.' },
  'mlbom:oci:created-by': {
    on: 'layer',
    says: 'Command that made the layer, by the history; values of build arguments are left out.',
  },
  'mlbom:oci:size': { on: 'layer', says: 'Bytes as kept in a registry.' },
  'mlbom:oci:size-unpacked': { on: 'layer', says: 'Bytes of the unpacked layer.' },
  'mlbom:oci:codec': { on: 'layer', says: 'How it is packed, by its first bytes: none, gzip or zstd.' },
  'mlbom:oci:layer-files': {
    on: 'layer',
    says: 'What the layer does to the files below it, as canonical JSON: {added, replaced, removed, whiteouts, opaque}.',
  },
  'mlbom:oci:introduced-by': {
    on: 'package, file, model',
    says: 'Unpacked digest of the layer that brought it into the image; a package that was removed and installed again came with the later layer.',
  },
  'mlbom:oci:opaque': {
    on: 'layer',
    says: 'Directory of which the layer hides everything below it; the first 100.',
  },
  'mlbom:oci:verification': {
    on: 'layer, file',
    says: 'What was done to believe its digest: `content` (every byte was read and hashed), `cached` (an earlier run did, for the same unpacked digest) or `claimed` (the manifest says so).',
  },
  'mlbom:oci:base-layers': { on: 'ancestor', says: 'Number of lowest layers that are the base image.' },
  'mlbom:oci:base-evidence': {
    on: 'ancestor',
    says: 'How the base image is known: prefix, annotation, provenance or heuristic.',
  },
  'mlbom:oci:base-confidence': { on: 'ancestor', says: 'Confidence in the base image, from 0 to 1.' },
  'mlbom:oms:root': {
    on: 'artifact',
    says: "OpenSSF Model Signing's digest of the same files (SHA-256 over the concatenated file digests); it does not cover names.",
  },
  'mlbom:artifact:files': { on: 'artifact', says: 'Number of files in the manifest.' },
  'mlbom:artifact:bytes': {
    on: 'artifact',
    says: 'Sum of the sizes of the files in the manifest, in bytes.',
  },
  'mlbom:artifact:excluded': {
    on: 'artifact',
    says: 'A path that lies in the source and is not part of the artifact, with the reason.',
  },
  'mlbom:file:path': {
    on: 'file',
    says: 'Path within the artifact: relative, `/`-separated, Unicode; bytes that are not are percent-escaped.',
  },
  'mlbom:file:size': { on: 'file', says: 'Size in bytes.' },
  'mlbom:file:chunk-size': { on: 'file', says: 'Bytes per chunk of the chunk root.' },
  'mlbom:file:chunk-root': {
    on: 'file',
    says: 'SHA-256 over the concatenated SHA-256 digests of the chunks; equals the S3 composite SHA-256 for that part size.',
  },
  'mlbom:file:tensor-root': {
    on: 'file',
    says: 'SHA-256 of the canonical tensor table (name, dtype, shape, offset, length, digest where computed) in the manifest sidecar.',
  },
  'mlbom:file:link': { on: 'file', says: 'The file was reached through a symbolic link with this target.' },
  'mlbom:file:promised': {
    on: 'file',
    says: 'A digest that the place itself claims for the file and that the bytes were found to have, with who claims it.',
  },
  'mlbom:file:format': { on: 'file', says: 'Format of the file, by content.' },
  'mlbom:file:format-version': { on: 'file', says: 'Version of the format, as the file says.' },
  'mlbom:file:producer': { on: 'file', says: 'Program that wrote the file, as the file says.' },
  'mlbom:file:header': {
    on: 'file',
    says: 'A value of the header that an auditor needs, as `key=value`.',
  },
  'mlbom:file:examined': {
    on: 'file',
    says: 'A collector, with its version, that looked through the content with its rules (docs/findings.md) and could read it.',
  },
  'mlbom:model:format': { on: 'model', says: 'Serialisation format of the weights.' },
  'mlbom:model:format-version': { on: 'model', says: 'Version of the serialisation format.' },
  'mlbom:model:producer': { on: 'model', says: 'Program that wrote the weights, as the file says.' },
  'mlbom:model:parameters': { on: 'model', says: 'Number of parameters.' },
  'mlbom:model:parameters-by-dtype': {
    on: 'model',
    says: 'Number of parameters of each element type, as canonical JSON.',
  },
  'mlbom:model:tensors': { on: 'model', says: 'Number of tensors.' },
  'mlbom:model:dtype': { on: 'model', says: 'Element type that most parameters have.' },
  'mlbom:model:quantization': { on: 'model', says: 'Quantization method or file type.' },
  'mlbom:model:context-length': { on: 'model', says: 'Longest input the model was made for, in tokens.' },
  'mlbom:model:embedding-length': { on: 'model', says: 'Width of the hidden state.' },
  'mlbom:model:layers': { on: 'model', says: 'Number of blocks or hidden layers.' },
  'mlbom:model:vocabulary-size': { on: 'model', says: 'Number of tokens of the tokenizer or the embedding.' },
  'mlbom:model:tokenizer': { on: 'model', says: 'Kind or class of the tokenizer.' },
  'mlbom:model:chat-template-sha256': {
    on: 'model',
    says: 'SHA-256 of the text of the chat template.',
  },
  'mlbom:model:languages': { on: 'model', says: 'Languages, comma-separated, as declared.' },
  'mlbom:model:library': { on: 'model', says: 'Library the model is made for, as declared.' },
  'mlbom:model:opsets': { on: 'model', says: 'ONNX operator sets and versions, comma-separated.' },
  'mlbom:model:custom-operators': {
    on: 'model',
    says: 'Operators outside the standard domains, comma-separated; running them needs native code that is not in the file.',
  },
  'mlbom:model:remote-code': {
    on: 'model',
    says: 'Python code that `auto_map` names and that loading with trust_remote_code would run.',
  },
  'mlbom:model:header': {
    on: 'model',
    says: 'A value of the header of the weights that an auditor needs, as `key=value`.',
  },
  'mlbom:model:portability': {
    on: 'model',
    says: 'A driver, chip, runtime or version that the weights are bound to.',
  },
  'mlbom:model:classes': {
    on: 'model',
    says: 'A class or module that the weights name and that loading them needs.',
  },
  'mlbom:model:operators': {
    on: 'model',
    says: 'Operators that the graph uses, comma-separated.',
  },
  'mlbom:model:adapter': { on: 'model', says: 'Kind of adapter (PEFT type).' },
  'mlbom:model:adapter-rank': { on: 'model', says: 'Rank of the adapter.' },
  'mlbom:model:adapter-targets': { on: 'model', says: 'Modules the adapter changes, comma-separated.' },
  'mlbom:model:provenance': {
    on: 'model',
    says: 'A provenance key that the weights carry, as `key=value` (modelspec.*, ss_*, general.source.*).',
  },
  'mlbom:model:generation': { on: 'model', says: 'A default of text generation, as `key=value`.' },
  'mlbom:ancestor:relation': {
    on: 'ancestor',
    says: 'How the model came from this ancestor: finetune, adapter, merge, quantized or unspecified.',
  },
  'mlbom:dataset:statistic': {
    on: 'data',
    says: 'A number about the dataset, as declared, as `name=value`.',
  },
  'mlbom:dataset:format': { on: 'data', says: 'Format of the files of the dataset, by content.' },
  'mlbom:dataset:rows': { on: 'data', says: 'Number of rows or examples.' },
  'mlbom:dataset:columns': { on: 'data', says: 'Number of columns or features.' },
  'mlbom:dataset:schema': {
    on: 'data',
    says: 'Columns and their types in order, as canonical JSON of `[[name, type]]`; the first 200.',
  },
  'mlbom:dataset:schema-sha256': {
    on: 'data',
    says: 'SHA-256 of the canonical JSON of `[[name, type]]` of all columns in order.',
  },
  'mlbom:dataset:split': {
    on: 'data',
    says: 'A split of the dataset, as canonical JSON: {name, rows, bytes, files}, with what is known.',
  },
  'mlbom:vector:engine': { on: 'data', says: 'Engine or index type of a vector store.' },
  'mlbom:vector:dimension': { on: 'data', says: 'Length of one vector.' },
  'mlbom:vector:metric': { on: 'data', says: 'Distance by which vectors are compared.' },
  'mlbom:vector:count': { on: 'data', says: 'Number of vectors.' },
  'mlbom:vector:embedding-model': { on: 'data', says: 'Model that made the vectors, as declared.' },
  'mlbom:ai:category': {
    on: 'package',
    says: 'What the package does in an AI system: training, inference, serving, tokenizer, vector-db, agent, accelerator-runtime, quantisation, evaluation or dataset (docs/ai-packages.md).',
  },
  'mlbom:package:location': {
    on: 'package',
    says: 'Where it is installed, within the artifact.',
  },
  'mlbom:package:basis': {
    on: 'package',
    says: 'How it is known: `installed` (its files are there), `packed` (its files are in an archive), `locked` (a lockfile names it), `required` (a list of requirements does) or `claimed` (the configuration of an image does).',
  },
  'mlbom:package:header': {
    on: 'package',
    says: 'A value of the metadata of the package that an auditor needs, as `key=value` (requires-python, tag, generator, editable, commit, channel).',
  },
  'mlbom:package:installer': { on: 'package', says: 'Program that installed it, as it wrote down.' },
  'mlbom:package:files': {
    on: 'package',
    says: 'The list of its files against the files that are there, as canonical JSON: {listed, matched, modified, missing, unverified, unlisted}.',
  },
  'mlbom:package:hash': {
    on: 'package',
    says: 'A digest of the distribution that a lockfile demands, as `algorithm:hex`.',
  },
  'mlbom:environment': {
    on: 'platform',
    says: 'A value of the environment (interpreter, creator, prefix), as `key=value`.',
  },
  'mlbom:finding': {
    on: 'vulnerability',
    says: 'One place where the rule matched, as canonical JSON: {message, member, offset, length, symbol}, with what is known.',
  },
  'mlbom:examination': {
    on: 'BOM',
    says: 'A collector that looked for dangerous content, as canonical JSON: {collector, version, files, rules}; that a rule found nothing says something only together with this.',
  },
  'mlbom:source:commit': {
    on: 'artifact',
    says: 'Commit that the Git work tree stands at, as Git wrote it down; whether files differ from it is not said.',
  },
  'mlbom:run:tool': { on: 'workflow', says: 'A program that took part, with its version.' },
  'mlbom:run:input-digest': {
    on: 'workflow',
    says: 'A digest that the statement gives of an input, as canonical JSON: {input, algorithm, digest}.',
  },
  'mlbom:service:sensitive-data': {
    on: 'service',
    says: 'A kind of sensitive data that the service moves, as declared.',
  },
  'mlbom:card': {
    on: 'component',
    says: 'What a model card says, as canonical JSON of CycloneDX `modelCard`, on a component that is no model and may have none.',
  },
  'mlbom:classification': {
    on: 'component',
    says: 'Classification of the component, as declared.',
  },
  'mlbom:release-date': { on: 'component', says: 'Release date, as declared (RFC 3339).' },
  'mlbom:training:run': { on: 'model', says: 'Identifier of the training run, as declared.' },
  'mlbom:evidence': {
    on: 'component, BOM',
    says: 'Where a value of this component, or a field of the BOM itself, comes from, as canonical JSON: {attribute, basis, source, at, by}. In 1.7 the citations say the same for fields.',
  },
  'mlbom:conflict': {
    on: 'component',
    says: 'Statements about one attribute that do not agree, as canonical JSON: {attribute, statements:[{value, basis, source}]}.',
  },
  'mlbom:problem': {
    on: 'component',
    says: 'What could not be read or does not fit, as canonical JSON: {code, effect, path, reason}.',
  },
} as const satisfies Record<string, Term>;

export type PropertyName = keyof typeof vocabulary;
