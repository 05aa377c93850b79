import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  '.venv/pyvenv.cfg':
    'home = /home/somebody/.local/bin\nimplementation = CPython\nuv = 0.8.3\nversion_info = 3.11.7\nprompt = support\n',
};

/** Each line says something. */
export const readsCuts: readonly string[] = Object.keys(files);
