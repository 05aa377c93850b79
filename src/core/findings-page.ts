/** Where each rule about dangerous content is explained: `docs/findings.md`, published. */
const findingsPage = 'https://mlbom.dev/findings';

/** The address of one rule's explanation. */
export function findingPage(rule: string): string {
  return `${findingsPage}#${rule.toLowerCase()}`;
}
