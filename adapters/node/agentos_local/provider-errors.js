export function detectProviderFailure() {
  return null;
}
