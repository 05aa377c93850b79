import type { Component } from '../../core/bom.ts';
import { propertyOf } from '../../core/components-of.ts';
import { isLayer } from './layer-rows.ts';

/** The files that a component nests by itself. */
export function filesOf(component: Component): Component[] {
  return (component.components ?? []).filter((nested) => nested.type === 'file' && !isLayer(nested));
}

/** Sum of the sizes of these files, in bytes. */
export function bytesOf(files: readonly Component[]): number {
  return files.reduce((total, file) => total + (Number(propertyOf(file, 'mlbom:file:size')) || 0), 0);
}

/** The first licence, as its source wrote it; `-` without one. */
export function licenseOf(component: Component): string {
  const [choice] = component.licenses ?? [];
  if (!choice) return '-';
  return 'expression' in choice ? choice.expression : (choice.license.id ?? choice.license.name ?? '-');
}
