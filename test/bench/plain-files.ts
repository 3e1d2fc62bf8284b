/** `electron/crypto/bulk-files.ts` for the plain application: no engine that seals whole files by itself. */
export function chooseBulkFiles(): null {
  return null;
}
