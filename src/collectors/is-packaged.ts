const packaged =
  /(?:^|\/)(?:site-packages|dist-packages|node_modules|conda-meta|__pycache__|\.git|_deletions|usr\/(?:lib|share)|[^/]+\.(?:dist-info|egg-info))\//;

/** True for a path in an installed package, or in what a tool keeps for itself: its tables are no dataset. */
export function isPackaged(path: string): boolean {
  return packaged.test(path);
}
