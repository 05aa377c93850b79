// Makes the image that the interoperability tests read: `node scripts/ci/build-image.js [DIRECTORY]`, as root.
// A Debian with an inference runtime by pip and a model, whose layers remove, replace and hide what lower ones have.
// It is kept when it is there already; the Debian root is kept beside it.
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  aptInstall,
  debianRoot,
  imageBuilder,
  inRoot,
  missingTools,
  repackWithZstd,
  writeRandomWeights,
} from './image-tools.js';
import { downloadWheels, installWheels } from './image-wheels.js';

/** Packages of PyPI for the Python of Debian 12. */
const wheels = [
  'onnxruntime==1.23.2',
  'numpy==2.3.4',
  'safetensors==0.6.2',
  'packaging==24.2',
  'six==1.17.0',
];
const newer = 'packaging==25.0';
const packages = ['python3-minimal', 'python3-pip', 'file', 'less', 'nano'];
const MiB = 1024 ** 2;
/** The layer of wheels is packed with zstd, the others with gzip. */
const zstdLayer = 2;

const configuration = [
  ['--config.env', 'CUDA_VERSION=12.4.1'],
  ['--config.env', 'HF_HOME=/models'],
  ['--config.env', 'SERVICE_TOKEN=not-for-anybodys-eyes'],
  ['--config.label', 'org.opencontainers.image.source=https://example.org/support'],
  ['--config.label', 'org.opencontainers.image.version=1.4.2'],
  ['--config.entrypoint', 'python3'],
  ['--config.entrypoint', '/opt/app/serve.py'],
  ['--config.workingdir', '/opt/app'],
  ['--config.user', '10001'],
  ['--author', 'somebody@example.org'],
].flat();

const [directory = '.images'] = process.argv.slice(2);
const layout = resolve(directory, 'layout');
if (!existsSync(layout)) {
  const missing = process.getuid?.() === 0 ? missingTools() : ['root'];
  if (missing.length > 0) {
    console.error(`no image is made without ${missing.join(', ')}`);
    process.exit(1);
  }
  const work = mkdtempSync(join(tmpdir(), 'mlbom-image-'));
  try {
    await build(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function build(work) {
  const debian = resolve(directory, 'debian.tar');
  debianRoot(debian);
  const wheelhouse = join(work, 'wheels');
  downloadWheels(wheelhouse, ['--no-deps', ...wheels]);
  downloadWheels(wheelhouse, ['--no-deps', newer]);
  const model = join(work, 'model');
  await writeModel(model);

  const part = `${layout}.part`;
  rmSync(part, { recursive: true, force: true });
  const image = imageBuilder(part, 'v1', join(work, 'bundle'));
  image.from(debian, '/bin/sh -c #(nop) ADD file:debian.tar in / ');
  image.configure('/bin/sh -c #(nop)  CMD ["bash"]', '--config.cmd', 'bash');
  image.tag('base');
  image.unpack();
  image.layer(`RUN apt-get install -y ${packages.join(' ')}`, (root) => {
    inRoot(root, aptInstall(...packages));
  });
  image.layer(`RUN pip install ${wheels.join(' ')}`, (root) => {
    installWheels(root, wheelhouse, ['--no-deps', ...wheels]);
  });
  image.layer('COPY model /models/support # and the application', (root) => {
    cpSync(model, join(root, 'models/support'), { recursive: true });
    // One file under two names, and a link to it.
    linkSync(join(root, 'models/support/model.safetensors'), join(root, 'models/support/alias.safetensors'));
    symlinkSync('support', join(root, 'models/current'));
    write(join(root, 'opt/app/old.py'), 'print("old")\n');
    write(join(root, 'opt/app/plugins/hidden.py'), 'print("hidden")\n');
    write(join(root, 'opt/file-then-directory'), 'a file\n');
    write(join(root, 'opt/directory-then-file/inside'), 'in a directory\n');
  });
  image.layer('RUN apt-get purge -y less file && apt-get remove -y nano && pip uninstall -y six', (root) => {
    inRoot(
      root,
      'apt-get purge -y -qq -o Dpkg::Use-Pty=0 less file >/dev/null',
      'apt-get remove -y -qq -o Dpkg::Use-Pty=0 nano >/dev/null',
      'python3 -m pip uninstall --quiet -y --break-system-packages --root-user-action ignore six',
      'rm -rf /var/log/apt /var/log/dpkg.log /etc/issue.net /usr/share/doc/file',
      'rm -rf /opt/file-then-directory /opt/directory-then-file',
      'mkdir /opt/file-then-directory && echo inside >/opt/file-then-directory/inside',
      'echo "now a file" >/opt/directory-then-file',
    );
  });
  image.layer(`RUN apt-get install -y file && pip install --upgrade ${newer}`, (root) => {
    inRoot(root, aptInstall('file'));
    installWheels(root, wheelhouse, ['--no-deps', '--upgrade', newer]);
  });
  write(join(work, 'app/serve.py'), 'import onnxruntime\n');
  image.insert('COPY app /opt/app', '--opaque', join(work, 'app'), '/opt/app');
  image.insert('RUN rm /models/support/draft.safetensors', '--whiteout', '/models/support/draft.safetensors');
  image.configure('ENV, LABEL, ENTRYPOINT', ...configuration);
  // What knows no zstd, and Docker's own formats, get the same layers without it.
  image.tag('gzip');
  await repackWithZstd(part, 'v1', zstdLayer);
  image.collect();
  renameSync(part, layout);
}

/** A model as the Hub has them, a draft that a later layer removes, and a published one where it was fetched. */
async function writeModel(model) {
  await writeRandomWeights(join(model, 'model.safetensors'), 4, 2 * MiB);
  await writeRandomWeights(join(model, 'draft.safetensors'), 1, 1 * MiB);
  write(
    join(model, 'config.json'),
    JSON.stringify({ model_type: 'llama', architectures: ['LlamaForCausalLM'], torch_dtype: 'bfloat16' }),
  );
  const front = ['license: apache-2.0', 'base_model: example/base-1b', 'pipeline_tag: text-generation'];
  write(join(model, 'README.md'), `---\n${front.join('\n')}\n---\n# A model that answers\n`);
  const published = resolve('.models/silero-vad');
  if (existsSync(published)) cpSync(published, join(model, 'voice'), { recursive: true });
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
