import type { Files } from '../../fixtures/model-directory.ts';

const [a, b, c] = ['ab', 'cd', 'ef'].map((pair) => pair.repeat(32)) as [string, string, string];
export const digests = { a, b, c };
export const commit = '0123456789'.repeat(4);

export const uv = `version = 1
[[package]]
name = "demo"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "torch" }]

[[package]]
name = "torch"
version = "2.3.1+cu121"
source = { registry = "https://user:pw@example.org/whl/cu121?token=x" }
dependencies = [
  { name = "Numpy_Like", marker = "python_version > '3'" },
]
sdist = { url = "https://example.org/torch.tar.gz", hash = "sha256:${a}", size = 1 }
wheels = [{ url = "https://example.org/torch.whl", hash = "sha256:${b}" }]

[[package]]
name = "from-git"
version = "1.0"
source = { git = "https://user:pw@example.org/x/from-git.git?rev=main#${commit}" }
`;

export const poetry = `[[package]]
name = "torch"
version = "2.3.1"
files = [{file = "torch.whl", hash = "sha256:${a}"}]

[package.dependencies]
numpy = ">=1.2"
odd = {version = "*", optional = true}

[package.source]
type = "legacy"
url = "https://example.org/simple"
reference = "own"

[[package]]
name = "local"
version = "0.1"
[package.source]
type = "directory"
url = "../local"

[[package]]
name = "old"
version = "1.0"

[metadata]
lock-version = "2.0"
[metadata.files]
old = [{file = "old.whl", hash = "md5:${'0f'.repeat(16)}"}]
`;

export const pdm = `[metadata]
lock_version = "4.5.0"

[[package]]
name = "torch"
version = "2.3.1"
dependencies = ["numpy>=1.2", "typing-extensions; python_version < '3.8'"]
files = [{file = "torch.whl", hash = "sha256:${a}"}]

[[package]]
name = "torch"
version = "2.3.1"
extras = ["opt"]
dependencies = ["triton"]

[[package]]
name = "from-git"
version = "1.0"
git = "https://example.org/x/from-git.git"
revision = "${commit}"
`;

export const pylock = `lock-version = "1.0"
created-by = "demo"

[[packages]]
name = "torch"
version = "2.3.1"
index = "https://pypi.org/simple"
dependencies = [{ name = "numpy" }]
wheels = [
  { name = "torch.whl", url = "https://files.pythonhosted.org/torch.whl", hashes = { sha256 = "${a}", blake2b = "00" } },
]
sdist = { url = "https://files.pythonhosted.org/torch.tar.gz", hashes = { sha256 = "${b}" } }

[[packages]]
name = "packed"
archive = { url = "https://u:p@example.org/packed.zip?x=1", hashes = { sha256 = "${c}" } }

[[packages]]
name = "from-git"
vcs = { type = "git", url = "https://example.org/x/from-git.git", commit-id = "${commit}" }

[[packages]]
name = "own"
directory = { path = "." }
`;

export const pipfile = {
  _meta: {
    hash: { sha256: c },
    'pipfile-spec': 6,
    sources: [{ name: 'own', url: 'https://$USER:$TOKEN@example.org/simple' }],
  },
  default: {
    torch: {
      hashes: [`sha256:${a}`, `sha256:${b}`],
      index: 'own',
      version: '==2.3.1',
      markers: "python_version > '3'",
    },
    'from-git': { git: 'https://example.org/x/from-git.git', ref: commit },
  },
  develop: { pytest: { version: '==8.0.0' }, local: { path: '.', editable: true } },
};

export const requirements = `# a comment
-r base.txt
--index-url https://user:pw@example.org/simple/
--constraint /home/somebody/constraints.txt
torch==2.3.1+cu121 ; python_version > "3" \\
    --hash=sha256:${a} \\
    --hash sha256:${b}
Numpy_Like[extra] (>=1.2,<2)  # why
pinned===1.0
fuzzy==1.*
bare
why @ git+https://user:pw@example.org/x/why.git@${commit}
-e git+ssh://git@example.org/x/branch.git@main#egg=branch
wheel @ https://example.org/wheel-1.5%2Bcpu-py3-none-any.whl#sha256=${c}
https://example.org/whl/other-2.0-py3-none-any.whl
./local
-e .
`;

export const environment = `name: demo
channels: [conda-forge, 'https://example.org/t/token/x']
dependencies:
  - python=3.11
  - conda-forge::numpy=1.26.4=py311_0
  - scipy==1.13.0
  - pytorch>=2
  - pip:
    - -r more.txt
    - torch==2.3.1
`;

export const files: Files = {
  'uv.lock': uv,
  'script.py.lock': uv,
  'poetry.lock': poetry,
  'pdm.lock': pdm,
  'pylock.dev.toml': pylock,
  'Pipfile.lock': JSON.stringify(pipfile),
  'requirements-dev.txt': requirements,
  'environment.yml': environment,
};

export const readsCuts: readonly string[] = Object.keys(files);
