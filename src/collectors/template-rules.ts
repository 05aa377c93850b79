import type { FindingRule } from '../core/finding.ts';

const behaviour =
  'https://www.splunk.com/en_us/blog/security/gguf-llm-security-inference-time-poisoning-templates.html';
const compare = 'Compare the template with the publisher’s own, and take that one.';

/** It reaches from a value to the interpreter: `''.__class__.__mro__`. */
export const internals: FindingRule = {
  id: 'MLB-TPL-001',
  severity: 'critical',
  cwe: 1336,
  title: 'The chat template reaches for Python internals',
  why: 'A program that renders it without a sandbox runs whatever code the template names, as soon as the model is loaded or asked.',
  fix: 'Do not load the model; take the template from the publisher of the base model.',
  references: ['CVE-2024-34359'],
};
export const functions: FindingRule = {
  id: 'MLB-TPL-002',
  severity: 'high',
  cwe: 1336,
  title: 'The chat template calls what no chat needs',
  why: 'Modules, processes, other templates and attributes by name are the steps by which a template leaves its sandbox.',
  fix: 'Read the template; render it in a sandbox only, or take the publisher’s own.',
  references: ['CVE-2024-34359', 'CVE-2025-27516'],
};
export const pieces: FindingRule = {
  id: 'MLB-TPL-003',
  severity: 'high',
  cwe: 1336,
  title: 'The chat template puts a hidden name together',
  why: 'A name of Python internals in pieces or escapes has no other purpose than not to be found.',
  fix: 'Do not load the model; take the template from the publisher of the base model.',
  references: ['CVE-2024-34359', 'CVE-2024-56326'],
};
export const trigger: FindingRule = {
  id: 'MLB-TPL-004',
  severity: 'medium',
  cwe: 912,
  title: 'The chat template looks for words in what is asked',
  why: 'The model behaves as tested until somebody uses these words; then it is told something else.',
  fix: compare,
  references: [behaviour],
};
export const date: FindingRule = {
  id: 'MLB-TPL-005',
  severity: 'medium',
  cwe: 912,
  title: 'The chat template decides by the date',
  why: 'The model behaves as tested until a day comes; then it is told something else.',
  fix: compare,
  references: [behaviour],
};
export const address: FindingRule = {
  id: 'MLB-TPL-006',
  severity: 'medium',
  cwe: 912,
  title: 'The chat template names an address',
  why: 'An address in every prompt is what a model is made to recommend, or to send something to.',
  fix: compare,
  references: [behaviour],
};
export const invisible: FindingRule = {
  id: 'MLB-TPL-007',
  severity: 'high',
  cwe: 1007,
  title: 'The chat template holds characters that nobody sees',
  why: 'A model reads them as text, a person who reviews the template does not.',
  fix: 'Take the characters out, or take the publisher’s own template.',
  references: ['https://www.unicode.org/reports/tr36/'],
};
export const secrecy: FindingRule = {
  id: 'MLB-TPL-008',
  severity: 'medium',
  cwe: 912,
  title: 'The chat template tells the model to hide something',
  why: 'An instruction that is to be kept from whoever asks is there to deceive them.',
  fix: compare,
  references: [behaviour],
};
export const fixedText: FindingRule = {
  id: 'MLB-TPL-009',
  severity: 'info',
  cwe: 912,
  title: 'The chat template brings long instructions',
  why: 'They are part of every prompt, whether or not whoever deploys the model knows them.',
  fix: 'Read them.',
};
export const tooLarge: FindingRule = {
  id: 'MLB-TPL-010',
  severity: 'medium',
  cwe: 770,
  title: 'The chat template is too large to be examined',
  why: 'No real template comes near; nobody can tell what it does.',
  fix: compare,
};

/** What is looked for in chat templates, wherever they lie. */
export const templateRules: readonly FindingRule[] = [
  internals,
  functions,
  pieces,
  trigger,
  date,
  address,
  invisible,
  secrecy,
  fixedText,
  tooLarge,
];
