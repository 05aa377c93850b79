// Writes the documents that are tables of the code: `node scripts/build-docs.js [DIRECTORY]`, after a build.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { lintRules } from '../dist/bom/lint.js';
import { changeRules } from '../dist/changes/change-rules.js';
import { aiCategories, aiNamePatterns, aiPackageNames } from '../dist/core/ai-package-names.js';
import { words } from '../dist/core/ai-packages.js';
import { hubLibraries } from '../dist/core/hub-libraries.js';
import { groupBy } from '../dist/core/group-by.js';
import { vocabulary } from '../dist/core/vocabulary.js';
import { findingAreas, findingRules } from '../dist/operations/finding-rules.js';

const directory = resolve(process.argv[2] ?? fileURLToPath(new URL('../docs', import.meta.url)));

const documents = {
  'ai-packages.md': aiPackagesDocument(),
  'vocabulary.md': vocabularyDocument(),
  'lint-rules.md': lintRulesDocument(),
  'changes.md': changesDocument(),
  'findings.md': findingsDocument(),
};

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(documents)) writeFileSync(join(directory, name), text);

function vocabularyDocument() {
  return page(
    'Vocabulary',
    'src/core/vocabulary.ts',
    [
      'Every property that mlbom writes into a BOM, for what CycloneDX has no field for. Values are text. A property may stand',
      'several times on one component. A name never changes its meaning.',
    ],
    table(
      ['property', 'on', 'says'],
      Object.entries(vocabulary).map(([name, { on, says }]) => [`\`${name}\``, on, says]),
    ),
  );
}

function lintRulesDocument() {
  return page(
    'Lint rules',
    'src/bom/rules',
    [
      'What `mlbom validate` looks for beyond the schema of CycloneDX. An **error** is forbidden by the specification, a',
      '**warning** will mislead a reader, an **info** is worth knowing. Only errors make a BOM invalid. Ids never change',
      'their meaning.',
    ],
    table(
      ['id', 'severity', 'finds', 'because'],
      lintRules.map(({ id, severity, title, why }) => [id, severity, title, why]),
    ),
  );
}

function changesDocument() {
  return page(
    'Changes',
    'src/changes/change-rules.ts',
    [
      'Every change that `mlbom diff` has a name for, with its severity. `--fail-on SEVERITY` exits 1 when there is a change of',
      'that severity or worse: critical, high, medium, low, info. Ids never change their meaning.',
    ],
    table(
      ['id', 'severity', 'change', 'why it matters'],
      Object.entries(changeRules).map(([id, { severity, title, why }]) => [id, severity, title, why]),
    ),
  );
}

function aiPackagesDocument() {
  const ecosystems = {
    pypi: 'PyPI',
    npm: 'npm',
    conda: 'conda, where its names are not those of PyPI',
    system: 'Packages of Linux distributions, beside `python3-NAME` and `py3-NAME`',
  };
  const sections = Object.entries(ecosystems).map(([ecosystem, title]) => {
    const rows = Object.entries(aiCategories).flatMap(([category]) => {
      const { heads = '', others = '' } = aiPackageNames[ecosystem][category] ?? {};
      const patterns = (aiNamePatterns[ecosystem] ?? []).filter(([, of]) => of === category);
      const cells = [
        words(heads).sort(),
        words(others).sort(),
        patterns.map(([pattern]) => pattern.source),
      ].map((names) => names.map((name) => `\`${name}\``).join(' '));
      return cells.some((text) => text !== '') ? [[category, ...cells]] : [];
    });
    return `## ${title}\n\n${table(['category', 'frameworks', 'libraries', 'patterns'], rows)}`;
  });
  const known = [...new Set(Object.values(hubLibraries.pypi))].sort().map((name) => `\`${name}\``);
  return page(
    'AI packages',
    'src/core/ai-package-names.ts and src/core/hub-libraries.ts',
    [
      'What the property `mlbom:ai:category` says of a package is known by its name, as listed here. A framework is what others',
      'are built on or chosen for: its component has the type `framework`, all others are a `library`.',
    ],
    [
      table(['category', 'what a package of it does'], Object.entries(aiCategories)),
      ...sections,
      `## Libraries of the Hugging Face Hub\n\nPackages of PyPI by @huggingface/tasks ${hubLibraries.version} (MIT), written by` +
        ' scripts/build-ai-packages.js; those that stand above have the category that stands there, the others are `inference`.' +
        `\n\n${known.join(' ')}`,
    ].join('\n\n'),
  );
}

function findingsDocument() {
  const areas = groupBy(findingRules, ({ id }) => id.split('-')[1]);
  return page(
    'Findings',
    'src/operations/finding-rules.ts',
    [
      'What mlbom looks for in files that can do harm, by rule. A finding says what stands in the file and what can come of',
      'it; that nothing was found is no proof, and the BOM says which files were examined, with which rules. CVEs are',
      'examples of the class, never a claim about a file. Ids never change their meaning.',
      '',
      '**critical** runs code when it is loaded · **high** can run code, or read and write files, when it is used · **medium**',
      'hides something or cannot be examined · **low** is odd · **info** is worth knowing. `generate --fail-on SEVERITY`',
      'exits 1 for a finding of that severity or worse; `-o sarif` writes findings for code scanning.',
      '',
      [...areas.keys()].map((area) => `[${areaName(area)}](#${slug(areaName(area))})`).join(' · '),
    ],
    [...areas]
      .map(([area, rules]) => [`## ${areaName(area)}`, ...rules.map(findingSection)].join('\n\n'))
      .join('\n\n'),
  );
}

function areaName(area) {
  return findingAreas[area] ?? area;
}

function findingSection({ id, severity, cwe, title, why, fix, references = [] }) {
  const links = references.map((reference) =>
    reference.startsWith('CVE-')
      ? `[${reference}](https://nvd.nist.gov/vuln/detail/${reference})`
      : `<${reference}>`,
  );
  const cweLink = `[CWE-${cwe}](https://cwe.mitre.org/data/definitions/${cwe}.html)`;
  return [
    `### ${id}`,
    `**${prose(title)}** · ${severity} · ${cweLink}`,
    `${prose(why)} *${prose(fix)}*`,
    ...(links.length > 0 ? [`See ${links.join(', ')}.`] : []),
  ].join('\n\n');
}

/** As the site that shows the document makes anchors of headings. */
function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

/** Text in which only code spans have a meaning. */
function prose(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_[\]<>|]/g, '\\$&')))
    .join('');
}

function page(title, source, introduction, body) {
  const origin = `<!-- Generated by scripts/build-docs.js from ${source}. Do not edit. -->`;
  return `${origin}\n\n# ${title}\n\n${introduction.join('\n')}\n\n${body}\n`;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
