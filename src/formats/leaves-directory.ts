/**
 * True for a path that does not stay below the directory it is written in, on any system:
 * absolute, with a drive letter, a `..` segment, a backslash or a NUL byte.
 * CVE-2022-25882, CVE-2024-27318, CVE-2024-5187 and CVE-2025-51480 are ONNX external data of this kind.
 */
export function leavesDirectory(path: string): boolean {
  return /^\/|^[A-Za-z]:|[\\\0]/.test(path) || path.split('/').includes('..');
}
