/** What the browser around us can do. */

/** Inside of WeChat there are neither passkeys nor further windows. */
export function isInWeChat(): boolean {
  return /MicroMessenger/i.test(navigator.userAgent)
}

export function knowsPasskeys(): boolean {
  return (
    !isInWeChat() &&
    window.isSecureContext &&
    typeof window.PublicKeyCredential === 'function' &&
    'credentials' in navigator
  )
}

const DEVICE = 'regulars.device'

/** A random token that tells this device from others, and nothing about it. */
export function deviceToken(): string | undefined {
  try {
    const kept = localStorage.getItem(DEVICE)
    if (kept) return kept
    const drawn = crypto.getRandomValues(new Uint8Array(16))
    const token = Array.from(drawn, (byte) => byte.toString(16).padStart(2, '0')).join('')
    localStorage.setItem(DEVICE, token)
    return token
  } catch {
    return undefined
  }
}
