import { wrapText } from '../../reports/wrap-text.ts';

/** As much of a command as an overview shows. */
export interface CommandSummary {
  readonly summary?: string;
}

const width = 80;

/** The overview of all commands: what the program is for, how one begins, what there is. */
export function rootHelp(commands: Readonly<Record<string, CommandSummary>>): string {
  const names = Object.keys(commands).sort();
  const column = Math.max(...names.map((name) => name.length)) + 2;
  const lines = names.flatMap((name) =>
    wrapText(commands[name]?.summary ?? '', width - 2 - column).map(
      (line, index) => `  ${(index === 0 ? name : '').padEnd(column)}${line}`,
    ),
  );
  return `Signed bills of materials for AI systems, and the proof, anywhere, that what is
about to run is what was built

USAGE
  $ mlbom COMMAND

COMMANDS
${lines.join('\n')}

EXAMPLES
  What is in this model?

    $ mlbom generate ./model -o table

  Build: make the BOM and sign it

    $ mlbom generate ./model -o cyclonedx-json=model.cdx.json
    $ mlbom sign model.cdx.json --key mlbom.key

  Deploy: is this copy what was signed?

    $ mlbom verify model.cdx.json --key mlbom.pub --at ./copy

  $ mlbom COMMAND --help says more about a command.
`;
}
