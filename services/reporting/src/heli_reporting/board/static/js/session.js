// Who is signed in: the token lies in sessionStorage, which ends with the tab; never in an address, never in a cookie.

const KEPT = "heli.token";
const EARLY = 60_000;

let renew = null;

/** Return the token, or null when nobody is signed in. */
export const token = () => sessionStorage.getItem(KEPT);

/** Say whether the registry stands beside this page, so that a password can be asked for. */
export const registry = () => (location.pathname.endsWith("/reporting/") ? "../registry/" : null);

/** Sign in with a token that somebody was given. */
export function useToken(text) {
  sessionStorage.setItem(KEPT, text.trim());
}

/** Forget who was signed in. */
export function signOut() {
  clearTimeout(renew);
  sessionStorage.removeItem(KEPT);
}

/**
 * Sign in with login and password; false when they are wrong.
 *
 * Tokens live for minutes and a wall screen for weeks, so both are kept by this function's own closure, in memory
 * alone, to ask for the next token in time. Reloading the page forgets them.
 */
export async function usePassword(username, password) {
  const form = new URLSearchParams({ grant_type: "password", username, password });
  const answer = await fetch(`${registry()}v1/tokens`, { method: "POST", body: form });
  if (!answer.ok) return false;
  const { access_token: text, expires_in: seconds } = await answer.json();
  useToken(text);
  clearTimeout(renew);
  renew = setTimeout(() => usePassword(username, password), Math.max(EARLY, seconds * 1000 - EARLY));
  return true;
}
