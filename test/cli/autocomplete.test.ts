import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mlbom, shell, temporaryDirectory } from './mlbom.ts';

describe('shell completion', () => {
  it.each(['bash', 'zsh'])('of %s knows every command and its flags', (name) => {
    const home = temporaryDirectory();
    const env = { HOME: home, XDG_CACHE_HOME: join(home, '.cache') };
    const { status, stdout } = mlbom(['autocomplete', name], { env });
    expect(status).toBe(0);
    expect(stdout).toContain(`mlbom autocomplete script ${name}`);
    const functions = join(home, '.cache/mlbom/autocomplete/functions', name);
    const script = readFileSync(join(functions, name === 'bash' ? 'mlbom.bash' : '_mlbom'), 'utf8');
    for (const word of ['generate', 'verify', 'keygen', '--signature-only', '--tensor-digests']) {
      expect(script).toContain(word);
    }
  });

  it('completes in bash', () => {
    const home = temporaryDirectory();
    const env = { HOME: home, XDG_CACHE_HOME: join(home, '.cache') };
    mlbom(['autocomplete', 'bash'], { env });
    const file = join(home, '.cache/mlbom/autocomplete/functions/bash/mlbom.bash');
    const { stdout } = shell(
      `source '${file}'; COMP_WORDS=(mlbom ver); COMP_CWORD=1; cur=ver; _mlbom_autocomplete; echo "\${COMPREPLY[@]}"`,
      { env },
    );
    expect(stdout.trim()).toBe('verify');
  });
});
